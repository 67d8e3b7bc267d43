package io.tradewind.allinone.up;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.filter.ThresholdFilter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.util.FileSize;
import io.tradewind.servicekit.Logging;
import java.nio.file.Path;
import java.util.function.Supplier;
import java.util.logging.LogManager;
import org.slf4j.LoggerFactory;

/**
 * Where {@code up} logs: everything to {@code DIR/logs/tradewind.log}, which rolls and never takes more than
 * {@value #MAX_FILES} + 1 times {@value #MAX_FILE_MIB} MiB; warnings and errors, one line each, also to standard error.
 * Files are written by a thread of their own with a bounded queue: an event loop never waits for the disk, and under a
 * flood of lines it is the unimportant ones that are dropped. Set up by the main thread before anything logs.
 */
public final class Logs {

    static final int MAX_FILES = 5;
    static final int MAX_FILE_MIB = 20;

    private static final int QUEUE = 8_192;
    private static final int FLUSH_MS = 500;
    private static final String FILE_PATTERN =
            "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX,UTC} %-5level [%thread] %logger{36} - %msg%n";
    private static final String CONSOLE_PATTERN = "%-5level %logger{0}: %msg%nopex%n";

    private Logs() {}

    /** Takes over all logging of this process; {@code directory} exists. */
    static void start(Path directory, boolean debug) {
        Logging.start(debug);
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        ch.qos.logback.classic.Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(debug ? Level.DEBUG : Level.INFO);
        // Their debug output is about their own insides, and there is very much of it.
        context.getLogger("io.netty").setLevel(Level.INFO);
        context.getLogger("com.hazelcast").setLevel(Level.INFO);
        // Clients of one kind share a gauge; it says so at every start, and nobody can do anything about it.
        context.getLogger("io.micrometer.core.instrument.MeterRegistry").setLevel(Level.ERROR);
        root.addAppender(queued(context, file(context, directory.resolve("tradewind.log"))));
        root.addAppender(console(context));
        LogManager.getLogManager().reset();
        java.util.logging.Logger.getLogger("").addHandler(new JavaLogging());
    }

    /** Does something whose log nobody should see, because its caller tells what matters. */
    static <T> T quietly(Supplier<T> action) {
        Logging.start(false);
        ch.qos.logback.classic.Logger root =
                (ch.qos.logback.classic.Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        Level before = root.getLevel();
        root.setLevel(Level.OFF);
        try {
            return action.get();
        } finally {
            root.setLevel(before);
        }
    }

    /** For a short-lived command that tells everything itself: nothing is logged any more. */
    public static void silence() {
        Logging.start(false);
        ((ch.qos.logback.classic.Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME))
                .setLevel(Level.OFF);
    }

    /** Writes what is queued. Nothing is logged after it. */
    static void stop() {
        ((LoggerContext) LoggerFactory.getILoggerFactory()).stop();
    }

    private static RollingFileAppender<ILoggingEvent> file(LoggerContext context, Path path) {
        RollingFileAppender<ILoggingEvent> file = new RollingFileAppender<>();
        file.setName("file");
        file.setContext(context);
        file.setFile(path.toString());
        encode(context, file, FILE_PATTERN);

        FixedWindowRollingPolicy rolling = new FixedWindowRollingPolicy();
        rolling.setContext(context);
        rolling.setParent(file);
        rolling.setFileNamePattern(path + ".%i");
        rolling.setMinIndex(1);
        rolling.setMaxIndex(MAX_FILES);
        rolling.start();
        file.setRollingPolicy(rolling);

        SizeBasedTriggeringPolicy<ILoggingEvent> trigger = new SizeBasedTriggeringPolicy<>();
        trigger.setContext(context);
        trigger.setMaxFileSize(new FileSize(MAX_FILE_MIB * FileSize.MB_COEFFICIENT));
        trigger.start();
        file.setTriggeringPolicy(trigger);
        file.start();
        return file;
    }

    private static AsyncAppender queued(LoggerContext context, RollingFileAppender<ILoggingEvent> file) {
        AsyncAppender queue = new AsyncAppender();
        queue.setName("queue");
        queue.setContext(context);
        queue.setQueueSize(QUEUE);
        queue.setNeverBlock(true);
        queue.setMaxFlushTime(FLUSH_MS);
        queue.addAppender(file);
        queue.start();
        return queue;
    }

    private static ConsoleAppender<ILoggingEvent> console(LoggerContext context) {
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        console.setName("console");
        console.setContext(context);
        console.setTarget("System.err");
        ThresholdFilter warnings = new ThresholdFilter();
        warnings.setLevel(Level.WARN.toString());
        warnings.start();
        console.addFilter(warnings);
        encode(context, console, CONSOLE_PATTERN);
        console.start();
        return console;
    }

    private static void encode(LoggerContext context, OutputStreamAppender<ILoggingEvent> appender, String pattern) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(pattern);
        encoder.start();
        appender.setEncoder(encoder);
    }
}
