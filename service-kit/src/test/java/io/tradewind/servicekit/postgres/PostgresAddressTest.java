package io.tradewind.servicekit.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.servicekit.config.PostgresConfig;
import io.vertx.pgclient.PgConnectOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PostgresAddressTest {

    private static PostgresAddress address(String uri) {
        return PostgresAddress.of(new PostgresConfig(uri, "configured", "secret", null, null, null, null, null));
    }

    @ParameterizedTest
    @CsvSource({
        "postgresql://db:5433/trades,               configured, secret",
        "postgresql://alice@db:5433/trades,         alice,      secret",
        "postgresql://alice:pass@db:5433/trades,    alice,      pass",
        "postgresql://a%40b:p%3Aq%2Br@db:5433/trades, a@b,      p:q+r",
        "postgresql://a%3Ab@db:5433/trades,         a:b,        secret",
    })
    void shouldPreferEachOfUserAndPasswordWithinTheAddress(String uri, String user, String password) {
        PostgresAddress address = address(uri);

        assertEquals(user, address.user());
        assertEquals(password, address.password());
        assertEquals("db:5433/trades", address.toString());
        assertEquals("jdbc:postgresql://db:5433/trades", address.jdbcUrl());
        PgConnectOptions options = address.options();
        assertEquals(user, options.getUser());
        assertEquals(password, options.getPassword());
        assertEquals("db", options.getHost());
        assertEquals(5433, options.getPort());
        assertEquals("trades", options.getDatabase());
    }

    @Test
    void shouldKnowTheUsualPortAndAddressesOfBothKinds() {
        assertEquals("127.0.0.1:5432/x", address("postgresql://127.0.0.1/x").toString());
        assertEquals("[::1]:5432/x", address("postgresql://[::1]/x").toString());
    }

    @Test
    void shouldNotShowUserAndPassword() {
        PostgresAddress address = address("postgresql://alice:pass@db/trades");

        assertFalse((address + address.jdbcUrl()).matches(".*(alice|pass).*"));
    }

    @Test
    void shouldSayWithoutThePasswordThatAnAddressCannotBeRead() {
        String message = assertThrows(IllegalArgumentException.class, () -> address("postgresql://alice:p+q@db/trades"))
                .getMessage();

        assertTrue(message.startsWith("postgres.uri = postgresql://"), message);
        assertTrue(message.contains("db/trades"), message);
        assertFalse(message.contains("p+q"), message);
    }

    @Test
    void shouldGiveEachCallerOptionsOfItsOwn() {
        PostgresAddress address = address("postgresql://db/trades");
        address.options().setUser("another").addProperty("work_mem", "1MB");

        assertEquals("configured", address.options().getUser());
        assertFalse(address.options().getProperties().containsKey("work_mem"));
    }
}
