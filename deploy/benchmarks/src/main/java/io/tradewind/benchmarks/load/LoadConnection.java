package io.tradewind.benchmarks.load;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;

/**
 * One keep-alive connection, with at most {@code depth} orders that wait for their answer. Answers come in the order of
 * the requests, so a ring of their times is all there is to remember. On the generator's event loop only; lives through
 * reconnects, one channel at a time.
 */
final class LoadConnection {

    private final LoadGenerator generator;
    private final RequestSource requests;
    private final Recorder recorder;
    private final HttpResponseParser parser = new HttpResponseParser();
    private final int[] seqs;
    private final long[] plannedNs;
    private final long[] sentNs;
    private int first;
    private int waiting;
    private Channel channel;
    private boolean unflushed;
    private boolean queued;

    LoadConnection(LoadGenerator generator, RequestSource requests, Recorder recorder, int depth) {
        this.generator = generator;
        this.requests = requests;
        this.recorder = recorder;
        this.seqs = new int[depth];
        this.plannedNs = new long[depth];
        this.sentNs = new long[depth];
    }

    /** A fresh handler for the next channel of this connection. */
    ChannelInboundHandlerAdapter handler() {
        return new Handler();
    }

    /** Whether one more order can be sent on it. */
    boolean isFree() {
        return channel != null && waiting < seqs.length;
    }

    /** Notes that it stands in the generator's queue of free connections, where it must not stand twice. */
    boolean enterQueue() {
        boolean entered = !queued;
        queued = true;
        return entered;
    }

    void leaveQueue() {
        queued = false;
    }

    int waiting() {
        return waiting;
    }

    boolean oldestIsOlderThan(long ns) {
        return waiting > 0 && sentNs[first] < ns;
    }

    /** Writes without flushing. A failed write comes back as {@link Handler#exceptionCaught}: the promise is void. */
    @SuppressWarnings("FutureReturnValueIgnored")
    void send(int seq, long planned, long now) {
        int slot = (first + waiting) % seqs.length;
        seqs[slot] = seq;
        plannedNs[slot] = planned;
        sentNs[slot] = now;
        waiting++;
        ByteBuf request = channel.alloc().directBuffer(LoadGenerator.REQUEST_BYTES);
        requests.write(seq, request);
        channel.write(request, channel.voidPromise());
        recorder.sent(seq, planned);
        unflushed = true;
    }

    void flush() {
        if (unflushed && channel != null) {
            unflushed = false;
            channel.flush();
        }
    }

    /** Gives up what waits for an answer, because {@code why}. How the closing of a dead channel ends does not matter. */
    @SuppressWarnings("FutureReturnValueIgnored")
    void drop(String why) {
        Channel dropped = channel;
        channel = null;
        while (waiting > 0) {
            recorder.lost(seqs[first], plannedNs[first], why);
            forgetFirst();
        }
        unflushed = false;
        if (dropped != null) {
            dropped.close();
            generator.lost(this);
        }
    }

    private void answered(int status, byte[] bytes, int bodyAt, int bodyLength, boolean keepAlive) {
        if (waiting == 0) {
            throw new HttpFormatException("an answer (status " + status + ") that nothing was sent for");
        }
        recorder.answered(
                seqs[first], plannedNs[first], sentNs[first], generator.elapsedNs(), status, bytes, bodyAt, bodyLength);
        forgetFirst();
        if (!keepAlive) {
            drop("connection closed by the server");
        } else {
            generator.free(this);
        }
    }

    private void forgetFirst() {
        first = (first + 1) % seqs.length;
        waiting--;
    }

    private final class Handler extends ChannelInboundHandlerAdapter {

        private Channel mine;

        @Override
        public void channelActive(ChannelHandlerContext context) {
            mine = context.channel();
            channel = mine;
            parser.reset();
            generator.free(LoadConnection.this);
            generator.pump();
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf in = (ByteBuf) message;
            try {
                if (isCurrent()) {
                    parser.feed(in, LoadConnection.this::answered);
                }
            } finally {
                in.release();
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            generator.pump();
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            if (isCurrent()) {
                drop("connection lost");
                generator.pump();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
            if (!isCurrent()) {
                return;
            }
            if (failure instanceof HttpFormatException) {
                recorder.error(failure.getMessage());
                drop("unreadable answer");
            } else if (failure instanceof IOException) {
                drop("connection lost");
            } else {
                generator.fail(failure);
            }
            generator.pump();
        }

        private boolean isCurrent() {
            return mine != null && channel == mine;
        }
    }
}
