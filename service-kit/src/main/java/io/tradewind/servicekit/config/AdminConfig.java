package io.tradewind.servicekit.config;

/** Where a process answers for its health and metrics: section {@value #SECTION}. */
@Doc(
        "Health and metrics of the process, for operators and probes. It has no login, so keep it on loopback or a private network.")
public record AdminConfig(
        @Doc("Address to listen on.") String host,

        @Doc("Port to listen on, 1024..65535, or 0 for any free one.")
        Integer port,

        @Doc("Whether a taken port is an error; if not, the next free one is used, with a warning.")
        Boolean strictPort) {

    public static final String SECTION = "admin";

    static final String DEFAULT_HOST = "127.0.0.1";
    static final int DEFAULT_PORT = 9090;

    public AdminConfig {
        host = Check.notBlank("host", Check.orDefault(host, DEFAULT_HOST));
        port = Check.port("port", Check.orDefault(port, DEFAULT_PORT));
        strictPort = Check.orDefault(strictPort, false);
    }
}
