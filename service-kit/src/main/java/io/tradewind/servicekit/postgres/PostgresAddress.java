package io.tradewind.servicekit.postgres;

import io.tradewind.servicekit.config.PostgresConfig;
import io.tradewind.servicekit.config.Redaction;
import io.vertx.pgclient.PgConnectOptions;
import java.net.URI;

/**
 * Where Postgres is and as whom it is spoken to, for the two drivers in use: the Vert.x client and JDBC. User and
 * password within the address win over those of the configuration, each by itself. Immutable.
 */
public final class PostgresAddress {

    private final PgConnectOptions options;

    private PostgresAddress(PgConnectOptions options) {
        this.options = options;
    }

    /** @throws IllegalArgumentException when the address cannot be read; the message does not show a password */
    public static PostgresAddress of(PostgresConfig config) {
        PgConnectOptions options = parsed(config.uri());
        String inAddress = URI.create(config.uri()).getRawUserInfo();
        if (inAddress == null) {
            options.setUser(config.user());
        }
        if (inAddress == null || inAddress.indexOf(':') < 0) {
            options.setPassword(config.password());
        }
        return new PostgresAddress(options);
    }

    private static PgConnectOptions parsed(String uri) {
        try {
            return PgConnectOptions.fromUri(uri);
        } catch (IllegalArgumentException withThePassword) {
            throw new IllegalArgumentException("postgres.uri = " + Redaction.maskUris(uri)
                    + ": cannot be read; write signs within user and password as in %2B for a plus");
        }
    }

    /** For the Vert.x client; the caller's own, to be added to. */
    public PgConnectOptions options() {
        return new PgConnectOptions(options);
    }

    /** For JDBC; without user and password, so that it may be shown. */
    public String jdbcUrl() {
        return "jdbc:postgresql://" + this;
    }

    public String user() {
        return options.getUser();
    }

    public String password() {
        return options.getPassword();
    }

    /** Host, port and database, without user and password. */
    @Override
    public String toString() {
        String host = options.getHost();
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + options.getPort() + "/"
                + options.getDatabase();
    }
}
