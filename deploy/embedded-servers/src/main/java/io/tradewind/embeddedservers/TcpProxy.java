package io.tradewind.embeddedservers;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands between a client and a server on 127.0.0.1 and breaks what tests want broken: a request or its reply is lost, a
 * connection falls silent yet stays open, nobody listens for a while.
 *
 * <p>Two threads per connection, all of them daemons. Any thread may call; whoever started it closes it.
 */
public final class TcpProxy implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TcpProxy.class);
    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int CONNECT_TIMEOUT_MS = 10_000;
    private static final int MAX_PORT_TRIES = 5;

    /** What becomes of some bytes on their way to the server. */
    public enum Fate {
        /** They arrive. */
        PASS,
        /** The connection is cut, and the server never sees them. */
        CUT_BEFORE,
        /** The server gets them and answers; then the connection is cut, and the client never sees the answer. */
        CUT_AFTER
    }

    /** Decides about the bytes that one read from a client brought. Called on the thread of that connection. */
    @FunctionalInterface
    public interface Judge {
        Fate of(byte[] request);
    }

    private final int targetPort;
    private final int port;
    /** Also the lock under which a connection is added, so that none slips past what is done to all of them. */
    private final List<Link> links = new CopyOnWriteArrayList<>();

    private final AtomicInteger accepted = new AtomicInteger();
    private volatile Judge judge = request -> Fate.PASS;
    private volatile boolean silent;
    private ServerSocket listener;

    private TcpProxy(int targetPort) throws IOException {
        this.targetPort = targetPort;
        this.listener = listen();
        this.port = listener.getLocalPort();
        acceptOn(listener);
    }

    /** Listens on a free port, and passes everything on to {@code targetPort}. */
    public static TcpProxy to(int targetPort) {
        try {
            return new TcpProxy(targetPort);
        } catch (IOException e) {
            throw new UncheckedIOException("no proxy to port " + targetPort, e);
        }
    }

    public int port() {
        return port;
    }

    /** How many connections were made so far. */
    public int accepted() {
        return accepted.get();
    }

    /** How many of them are open. */
    public int open() {
        return links.size();
    }

    /** From now on {@code newJudge} decides about what clients send. */
    public void judge(Judge newJudge) {
        judge = newJudge;
    }

    /** The connections that there are pass nothing from now on, in either direction, yet stay open; new ones work. */
    public void silence() {
        synchronized (links) {
            links.forEach(link -> link.silent = true);
        }
    }

    /** As {@link #silence}; new connections are accepted and are silent as well, until {@link #pass}. */
    public void silenceAll() {
        synchronized (links) {
            silent = true;
            silence();
        }
    }

    /** New connections work again. */
    public void pass() {
        silent = false;
    }

    /** Cuts every connection. */
    public void cut() {
        links.forEach(Link::close);
    }

    /** Cuts every connection, and refuses new ones until {@link #accept}. */
    public synchronized void refuse() {
        synchronized (links) {
            closeQuietly(listener);
            cut();
        }
    }

    /** Listens again, on the same port. */
    public synchronized void accept() {
        try {
            listener = listen(port);
            acceptOn(listener);
        } catch (IOException e) {
            throw new UncheckedIOException("port " + port + " cannot be listened on again", e);
        }
    }

    @Override
    public synchronized void close() {
        refuse();
    }

    /**
     * On a port that the system hands out to nobody: while this proxy refuses connections, one of anybody's could have it
     * otherwise, even one that its own client tries to open to it.
     */
    private static ServerSocket listen() throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                return listen(FreePort.pick());
            } catch (BindException e) {
                if (attempt == MAX_PORT_TRIES) {
                    throw e;
                }
                LOG.debug("a picked port was taken in the meantime", e);
            }
        }
    }

    private static ServerSocket listen(int port) throws IOException {
        ServerSocket socket = new ServerSocket();
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return socket;
    }

    private void acceptOn(ServerSocket socket) {
        daemon("accept", () -> {
            while (!socket.isClosed()) {
                try {
                    open(socket, socket.accept());
                } catch (IOException e) {
                    // Refused or closed; or the server is away, which the client sees as a cut connection.
                    LOG.debug("proxy on port {}: {}", port, e.toString());
                }
            }
        });
    }

    private void open(ServerSocket on, Socket client) throws IOException {
        accepted.incrementAndGet();
        Socket server = new Socket();
        try {
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), targetPort), CONNECT_TIMEOUT_MS);
        } catch (IOException e) {
            closeQuietly(client);
            closeQuietly(server);
            throw e;
        }
        Link link = new Link(client, server);
        synchronized (links) {
            if (on.isClosed()) {
                link.close();
                return;
            }
            link.silent = silent;
            links.add(link);
        }
        daemon("up", link::pumpUp);
        daemon("down", link::pumpDown);
    }

    private void daemon(String what, Runnable task) {
        Thread thread = new Thread(task, "tcp-proxy-" + port + "-" + what);
        thread.setDaemon(true);
        thread.start();
    }

    private static void closeQuietly(Closeable closeable) {
        try {
            closeable.close();
        } catch (IOException e) {
            throw new UncheckedIOException("closing " + closeable, e);
        }
    }

    /** One connection: two sockets, two threads. */
    private final class Link {
        private final Socket client;
        private final Socket server;
        private volatile boolean silent;
        private volatile boolean cutAtReply;

        Link(Socket client, Socket server) {
            this.client = client;
            this.server = server;
        }

        void pumpUp() {
            pump(client, server, bytes -> {
                Fate fate = judge.of(bytes);
                if (fate == Fate.CUT_BEFORE) {
                    close();
                    return false;
                }
                cutAtReply |= fate == Fate.CUT_AFTER;
                return true;
            });
        }

        void pumpDown() {
            pump(server, client, bytes -> {
                if (cutAtReply) {
                    close();
                }
                return !cutAtReply;
            });
        }

        private void pump(Socket from, Socket to, Gate gate) {
            byte[] buffer = new byte[BUFFER_BYTES];
            try (InputStream in = from.getInputStream();
                    OutputStream out = to.getOutputStream()) {
                int read;
                while ((read = in.read(buffer)) >= 0) {
                    // What is silent is read and dropped: the sender must not notice that nobody listens.
                    if (!silent && gate.passes(Arrays.copyOf(buffer, read))) {
                        out.write(buffer, 0, read);
                        out.flush();
                    }
                }
            } catch (IOException oneSideHasGone) {
                silent = true; // and the other side follows
            } finally {
                close();
            }
        }

        void close() {
            closeQuietly(client);
            closeQuietly(server);
            links.remove(this);
        }
    }

    @FunctionalInterface
    private interface Gate {
        boolean passes(byte[] bytes);
    }
}
