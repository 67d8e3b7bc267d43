package io.tradewind.servicekit;

import io.tradewind.servicekit.config.Check;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses TCP ports to listen on. Blocks for the moment it takes to try a port; call it while a process starts. The port
 * is tried, not held: another process can still take it before the caller listens, which then fails as it should.
 */
public final class Ports {
    /** How many ports after the wanted one are tried before giving up. */
    public static final int MAX_TRIES = 100;

    private static final Logger LOG = LoggerFactory.getLogger(Ports.class);

    private Ports() {}

    /** The port if it is within 1024..65535, or 0 for any free one; else a ConfigException that names the key. */
    public static int check(String name, int port) {
        return Check.port(name, port);
    }

    /**
     * A port that is free on the host.
     *
     * @param port the wanted one; 0 for any
     * @param strict whether only the wanted one will do; else the next free one is taken, with a warning
     * @throws PortTakenException when it is taken and strict, or no port near it is free
     */
    public static int claim(String host, int port, boolean strict) {
        InetAddress address = resolve(host);
        int free = tryBind(address, port);
        if (free >= 0) {
            return free;
        }
        if (strict) {
            throw new PortTakenException("port " + port + " on " + host + " is in use by another program", port);
        }
        int last = Math.min(port + MAX_TRIES, Check.MAX_PORT);
        for (int candidate = port + 1; candidate <= last; candidate++) {
            if (tryBind(address, candidate) >= 0) {
                LOG.warn("port {} on {} is in use by another program; using {} instead", port, host, candidate);
                return candidate;
            }
        }
        throw new PortTakenException("no port within " + port + ".." + last + " on " + host + " is free", port);
    }

    private static InetAddress resolve(String host) {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("host " + host + " is not known", e);
        }
    }

    private static int tryBind(InetAddress address, int port) {
        try (ServerSocket socket = new ServerSocket()) {
            // As servers do it: a port whose old connections linger in TIME_WAIT is free.
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(address, port));
            return socket.getLocalPort();
        } catch (BindException e) {
            if (e.getMessage() != null && e.getMessage().contains("Cannot assign")) {
                throw new IllegalArgumentException(
                        address.getHostAddress() + " is no address of this machine; listen on one that is", e);
            }
            return -1;
        } catch (IOException e) {
            throw new IllegalStateException("port " + port + " cannot be tried: " + e.getMessage(), e);
        }
    }
}
