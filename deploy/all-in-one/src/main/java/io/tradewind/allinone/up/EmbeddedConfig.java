package io.tradewind.allinone.up;

import io.tradewind.servicekit.config.Check;
import io.tradewind.servicekit.config.Doc;

/** The Redis and Postgres that {@code up} brings along: section {@value #SECTION}. */
@Doc("The Redis and Postgres that `tradewind up` starts itself, unless redis.uri or postgres.uri is set.")
record EmbeddedConfig(
        @Doc("Port of the embedded Redis, 1024..65535, or 0 for any free one.")
        Integer redisPort,

        @Doc("Port of the embedded Postgres, 1024..65535, or 0 for any free one.")
        Integer postgresPort,

        @Doc("Whether an embedded server that dies is started again.")
        Boolean restart) {

    static final String SECTION = "embedded";

    private static final int ANY_PORT = 0;

    EmbeddedConfig {
        redisPort = Check.port("redis-port", Check.orDefault(redisPort, ANY_PORT));
        postgresPort = Check.port("postgres-port", Check.orDefault(postgresPort, ANY_PORT));
        restart = Check.orDefault(restart, true);
    }
}
