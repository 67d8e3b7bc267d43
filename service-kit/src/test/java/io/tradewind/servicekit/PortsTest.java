package io.tradewind.servicekit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.servicekit.config.ConfigException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class PortsTest {
    private static final String LOOPBACK = "127.0.0.1";

    private static ServerSocket taken() throws IOException {
        return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    @Test
    void shouldAllowOnlyPortsOfUsers() {
        assertEquals(1024, Ports.check("gateway.port", 1024));
        assertEquals(65535, Ports.check("gateway.port", 65535));
        assertEquals(0, Ports.check("gateway.port", 0));
        for (int port : new int[] {-1, 1, 80, 1023, 65536}) {
            ConfigException refused = assertThrows(ConfigException.class, () -> Ports.check("gateway.port", port));
            assertEquals("gateway.port = " + port + ": must be within 1024..65535", refused.getMessage());
        }
    }

    @Test
    void shouldGiveTheWantedPortWhenItIsFree() throws IOException {
        int free = Ports.claim(LOOPBACK, 0, true);
        assertTrue(free > 0);
        assertEquals(free, Ports.claim(LOOPBACK, free, true));
    }

    @Test
    void shouldNameTheTakenPortWhenStrict() throws IOException {
        try (ServerSocket other = taken()) {
            int port = other.getLocalPort();
            PortTakenException refused =
                    assertThrows(PortTakenException.class, () -> Ports.claim(LOOPBACK, port, true));
            assertEquals(port, refused.port());
            assertTrue(refused.getMessage().contains("port " + port), refused.getMessage());
        }
    }

    @Test
    void shouldTakeTheNextFreePortOtherwise() throws IOException {
        try (ServerSocket other = taken()) {
            int port = other.getLocalPort();
            int claimed = Ports.claim(LOOPBACK, port, false);
            assertTrue(claimed > port && claimed <= port + Ports.MAX_TRIES, port + " -> " + claimed);
        }
    }

    @Test
    void shouldSayWhatIsWrongWithAHost() {
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Ports.claim("192.0.2.1", 8080, false))
                .getMessage()
                .contains("192.0.2.1"));
    }
}
