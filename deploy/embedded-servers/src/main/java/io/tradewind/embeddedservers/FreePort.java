package io.tradewind.embeddedservers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.random.RandomGenerator;

/** Ports on the loopback interface. */
final class FreePort {
    /** Below what Linux hands out to outgoing connections (32768 and up), so that a restart finds its port still free. */
    private static final int FIRST = 20_000;

    private static final int LAST = 32_000;
    private static final int MAX_TRIES = 200;

    private FreePort() {}

    /** A port that was free a moment ago; a server that loses the race for it is started again on another. */
    static int pick() {
        RandomGenerator random = RandomGenerator.getDefault();
        for (int i = 0; i < MAX_TRIES; i++) {
            int port = random.nextInt(FIRST, LAST);
            if (isFree(port)) {
                return port;
            }
        }
        throw new EmbeddedServerException(
                "No free port on 127.0.0.1 between " + FIRST + " and " + LAST + " in " + MAX_TRIES + " tries");
    }

    static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            // As the servers do it: connections of an earlier server that are still fading away do not matter.
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(loopback(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    static InetAddress loopback() throws IOException {
        return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    }

    /** @return the port itself if it is to be picked (0) or may be used, else throws with what to do */
    static int validated(int port) {
        if (port != 0 && (port < 1024 || port > 65535)) {
            throw new IllegalArgumentException("port " + port + " is not 0 (pick a free one) or 1024 to 65535");
        }
        return port;
    }
}
