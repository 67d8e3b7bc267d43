package io.tradewind.benchmarks.load;

import java.net.URI;

/** Where the load goes. */
public record Target(String host, int port) {

    private static final int HTTP_PORT = 80;

    /** @throws IllegalArgumentException unless it is the address of a plain HTTP server */
    public static Target of(String url) {
        URI uri = URI.create(url);
        if (!"http".equals(uri.getScheme()) || uri.getHost() == null) {
            throw new IllegalArgumentException(
                    "'" + url + "': must be a plain HTTP address such as http://127.0.0.1:8080");
        }
        return new Target(uri.getHost(), uri.getPort() < 0 ? HTTP_PORT : uri.getPort());
    }
}
