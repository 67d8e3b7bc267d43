package io.tradewind.gateway.endpoint;

import io.vertx.core.http.HttpHeaders;

/**
 * Names requests, for logs, the cause of transactions and the caller: a random start and a counter. One per HTTP
 * instance, on its event loop.
 */
final class RequestIds {

    static final CharSequence HEADER = HttpHeaders.createOptimized("x-request-id");

    private static final int RADIX = 36;

    private final String prefix;
    private long last;

    RequestIds(long random) {
        this.prefix = Long.toUnsignedString(random, RADIX) + "-";
    }

    String next() {
        return prefix + Long.toString(++last, RADIX);
    }
}
