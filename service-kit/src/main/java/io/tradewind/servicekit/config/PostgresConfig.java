package io.tradewind.servicekit.config;

import java.time.Duration;

/** Where the tables live: section {@value #SECTION}. */
@Doc("The Postgres server that keeps the tables.")
public record PostgresConfig(
        @Doc("Address, postgresql://[user[:password]@]host:port/database.")
        String uri,

        @Doc("User, where the address names none.") String user,

        @Secret
        @Doc("Password, where the address names none. Better given as TRADEWIND_POSTGRES_PASSWORD than in a file.")
        String password,

        @Doc("Connections that one service may open. 1..64.")
        Integer poolSize,

        @Doc("How long one attempt to connect may take. 50ms..1m.")
        Duration connectTimeout,

        @Doc("How long one statement may take. 100ms..10m.") Duration commandTimeout,

        @Doc("Shortest wait before connecting again. 10ms..10s.")
        Duration reconnectMin,

        @Doc("Longest wait before connecting again. 100ms..5m.")
        Duration reconnectMax) {

    public static final String SECTION = "postgres";

    static final String DEFAULT_URI = "postgresql://127.0.0.1:5432/tradewind";
    static final String DEFAULT_USER = "tradewind";
    static final int DEFAULT_POOL_SIZE = 4;
    static final Duration DEFAULT_CONNECT_TIMEOUT = Duration.ofSeconds(2);
    static final Duration DEFAULT_COMMAND_TIMEOUT = Duration.ofSeconds(30);
    static final Duration DEFAULT_RECONNECT_MIN = Duration.ofMillis(100);
    static final Duration DEFAULT_RECONNECT_MAX = Duration.ofSeconds(5);

    public PostgresConfig {
        uri = Check.orDefault(uri, DEFAULT_URI);
        Check.that(
                uri.startsWith("postgresql://") || uri.startsWith("postgres://"),
                "uri",
                uri,
                "must begin with postgresql://");
        user = Check.orDefault(user, DEFAULT_USER);
        password = Check.orDefault(password, "");
        poolSize = Check.inRange("pool-size", Check.orDefault(poolSize, DEFAULT_POOL_SIZE), 1, 64);
        connectTimeout = Check.orDefault(connectTimeout, DEFAULT_CONNECT_TIMEOUT);
        commandTimeout = Check.orDefault(commandTimeout, DEFAULT_COMMAND_TIMEOUT);
        reconnectMin = Check.orDefault(reconnectMin, DEFAULT_RECONNECT_MIN);
        reconnectMax = Check.orDefault(reconnectMax, DEFAULT_RECONNECT_MAX);

        Check.inRange("command-timeout", commandTimeout, Duration.ofMillis(100), Duration.ofMinutes(10));
        Connecting.check(connectTimeout, reconnectMin, reconnectMax);
    }

    // A password must not reach a log through a record that is printed by accident.
    @Override
    public String toString() {
        return "PostgresConfig[uri=" + Redaction.maskUris(uri) + ", user=" + user + "]";
    }
}
