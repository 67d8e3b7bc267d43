package io.tradewind.dbsync.postgres;

import io.tradewind.servicekit.config.PostgresConfig;
import io.vertx.pgclient.PgConnectOptions;
import java.net.URI;

/**
 * Where Postgres is, for the two drivers in use: the Vert.x client for the rows, JDBC for the schema. Pure.
 *
 * @param options host, port, database, user and password
 */
record PostgresAddress(PgConnectOptions options) {

    static PostgresAddress of(PostgresConfig config) {
        PgConnectOptions options = PgConnectOptions.fromUri(config.uri());
        String inAddress = URI.create(config.uri()).getUserInfo();
        if (inAddress == null) {
            options.setUser(config.user());
        }
        if (inAddress == null || inAddress.indexOf(':') < 0) {
            options.setPassword(config.password());
        }
        return new PostgresAddress(options);
    }

    /** Without user and password, so that it may be shown. */
    String jdbcUrl() {
        return "jdbc:postgresql://" + options.getHost() + ":" + options.getPort() + "/" + options.getDatabase();
    }

    @Override
    public String toString() {
        return options.getHost() + ":" + options.getPort() + "/" + options.getDatabase();
    }
}
