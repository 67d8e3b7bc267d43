package io.tradewind.benchmarks.load;

import io.netty.buffer.ByteBuf;

/** The bytes to send. Called on the generator's event loop, once per order. */
@FunctionalInterface
public interface RequestSource {

    /** Writes the whole HTTP request of order {@code seq} into {@code out}. */
    void write(int seq, ByteBuf out);
}
