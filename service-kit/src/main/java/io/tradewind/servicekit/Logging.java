package io.tradewind.servicekit;

/**
 * Sends every library's log through SLF4J and carries the wanted level to the program's log configuration. Must be called
 * before the first class of Vert.x or of the log back end is used; {@link ServiceMain} does, other programs call it first
 * thing in main.
 */
public final class Logging {
    /** System property that a program's log configuration reads: DEBUG or INFO. */
    public static final String LEVEL_PROPERTY = "tradewind.log-level";

    private static final String VERTX_PROPERTY = "vertx.logger-delegate-factory-class-name";
    private static final String VERTX_TO_SLF4J = "io.vertx.core.logging.SLF4JLogDelegateFactory";
    private static final String HAZELCAST_PROPERTY = "hazelcast.logging.type";

    private Logging() {}

    /** Routes the logs; with debug, asks for the DEBUG level. A level set on the command line of the JVM stays. */
    public static void start(boolean debug) {
        System.setProperty(VERTX_PROPERTY, VERTX_TO_SLF4J);
        System.setProperty(HAZELCAST_PROPERTY, "slf4j");
        if (debug || System.getProperty(LEVEL_PROPERTY) == null) {
            System.setProperty(LEVEL_PROPERTY, debug ? "DEBUG" : "INFO");
        }
    }
}
