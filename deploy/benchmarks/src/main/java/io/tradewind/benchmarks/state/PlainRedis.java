package io.tradewind.benchmarks.state;

import io.tradewind.benchmarks.Await;
import io.tradewind.contracts.state.Mutation;
import io.tradewind.contracts.state.Partitions;
import io.tradewind.contracts.state.Transaction;
import io.tradewind.embeddedservers.EmbeddedRedis;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Redis itself as the place for state: each transaction one XADD with its id, key and document, and each entity a key
 * that holds its document. Sent as redis-benchmark does it: commands made beforehand, {@value #PIPELINE} at a time on each of
 * {@value #CONNECTIONS} connections, replies counted and not looked at. Nobody checks versions or repetitions, nobody knows
 * afterwards what an entity is, and nothing is compressed.
 */
final class PlainRedis {

    static final int CONNECTIONS = 50;
    static final int PIPELINE = 16;

    private static final int PREPARED_BATCHES = 256;
    private static final int ADMIN_MS = 60_000;

    private final Vertx vertx;
    private final EmbeddedRedis redis;

    PlainRedis(Vertx vertx, EmbeddedRedis redis) {
        this.vertx = vertx;
        this.redis = redis;
    }

    /** How many transactions of {@code entities} entities a second it takes, one XADD each, for so long. */
    double transactionsPerSecond(int entities, int seconds) {
        List<Buffer> batches = new ArrayList<>();
        for (int batch = 0; batch < PREPARED_BATCHES; batch++) {
            Buffer commands = Buffer.buffer();
            for (int i = 0; i < PIPELINE; i++) {
                appendAdd(commands, (batch * PIPELINE + i) % entities, 1);
            }
            batches.add(commands);
        }
        long beganNs = System.nanoTime();
        long endNs = beganNs + TimeUnit.SECONDS.toNanos(seconds);
        long done = send(sent -> System.nanoTime() < endNs ? batches.get((int) (sent % PREPARED_BATCHES)) : null);
        double rate = done / ((System.nanoTime() - beganNs) / 1e9);
        clear();
        return rate;
    }

    /** Fills it with entities and one transaction for each. */
    void fill(int entities) {
        long batches = (entities + PIPELINE - 1L) / PIPELINE;
        send(sent -> sent >= batches ? null : fillBatch((int) sent * PIPELINE, entities, false));
        send(sent -> sent >= batches ? null : fillBatch((int) sent * PIPELINE, entities, true));
    }

    private static Buffer fillBatch(int from, int entities, boolean transactions) {
        Buffer commands = Buffer.buffer();
        for (int i = 0; i < PIPELINE; i++) {
            int index = Math.min(from + i, entities - 1);
            if (transactions) {
                appendAdd(commands, index, 1);
            } else {
                appendSet(commands, index);
            }
        }
        return commands;
    }

    private static void appendAdd(Buffer commands, int index, long run) {
        int partition = index % Partitions.COUNT;
        Transaction tx =
                LocalStore.puts(partition, List.of(index), run).transactions().get(0);
        Mutation put = tx.mutations().get(0);
        command(commands, 9)
                .appendBuffer(text("XADD"))
                .appendBuffer(text("plain:log:" + partition))
                .appendBuffer(text("*"))
                .appendBuffer(text("t"))
                .appendBuffer(text(tx.id()))
                .appendBuffer(text("k"))
                .appendBuffer(text(put.key().toString()))
                .appendBuffer(text("b"))
                .appendBuffer(bytes(put.json().bytes()));
    }

    private static void appendSet(Buffer commands, int index) {
        Mutation put = LocalStore.puts(index % Partitions.COUNT, List.of(index), 0)
                .transactions()
                .get(0)
                .mutations()
                .get(0);
        command(commands, 3)
                .appendBuffer(text("SET"))
                .appendBuffer(text("plain:" + put.key()))
                .appendBuffer(bytes(put.json().bytes()));
    }

    private static Buffer command(Buffer to, int arguments) {
        return to.appendString("*" + arguments + "\r\n");
    }

    private static Buffer text(String value) {
        return bytes(value.getBytes(StandardCharsets.UTF_8));
    }

    private static Buffer bytes(byte[] value) {
        return Buffer.buffer("$" + value.length + "\r\n").appendBytes(value).appendString("\r\n");
    }

    private void clear() {
        Buffer drop = Buffer.buffer();
        command(drop, Partitions.COUNT + 1).appendBuffer(text("DEL"));
        for (int partition = 0; partition < Partitions.COUNT; partition++) {
            drop.appendBuffer(text("plain:log:" + partition));
        }
        NetClient client = vertx.createNetClient();
        Await.get(
                client.connect(redis.port(), "127.0.0.1")
                        .compose(socket -> {
                            Promise<Void> answered = Promise.promise();
                            socket.handler(reply -> answered.tryComplete());
                            return socket.write(drop).compose(written -> answered.future());
                        })
                        .toCompletionStage(),
                ADMIN_MS,
                "dropping the plain logs");
        client.close();
    }

    /** What to send next, given how many batches have been sent; {@code null} at the end. */
    @FunctionalInterface
    private interface Source {
        Buffer next(long sent);
    }

    /** @return commands answered */
    private long send(Source source) {
        Promise<Void> done = Promise.promise();
        NetClient client = vertx.createNetClient();
        Sender sender = new Sender(source, done);
        vertx.getOrCreateContext().runOnContext(v -> {
            for (int i = 0; i < CONNECTIONS; i++) {
                client.connect(redis.port(), "127.0.0.1")
                        .onSuccess(sender::start)
                        .onFailure(done::tryFail);
            }
        });
        Await.get(done.future().toCompletionStage(), LocalStore.START_MS, "pipelining to Redis");
        client.close();
        return sender.answered;
    }

    /** All connections; on one event loop. */
    private static final class Sender {

        private final Source source;
        private final Promise<Void> done;
        private long sent;
        private long answered;
        private int ended;

        Sender(Source source, Promise<Void> done) {
            this.source = source;
            this.done = done;
        }

        void start(NetSocket socket) {
            Replies replies = new Replies(next(socket));
            socket.handler(received -> {
                answered += replies.count(received, done);
                if (replies.missing == 0) {
                    replies.missing = next(socket);
                }
            });
            socket.exceptionHandler(done::tryFail);
        }

        private int next(NetSocket socket) {
            Buffer batch = source.next(sent);
            if (batch == null) {
                if (++ended == CONNECTIONS) {
                    done.tryComplete();
                }
                return 0;
            }
            sent++;
            socket.write(batch);
            return PIPELINE;
        }
    }

    /** What comes back on one connection. */
    private static final class Replies {

        private int missing;
        private byte last = '\n';

        Replies(int missing) {
            this.missing = missing;
        }

        /** Each reply has one of these once: {@code $15 …} of XADD, {@code +OK} of SET; a refusal begins with a minus. */
        int count(Buffer received, Promise<Void> done) {
            int found = 0;
            for (int i = 0; i < received.length(); i++) {
                byte b = received.getByte(i);
                if (b == '$' || b == '+') {
                    found++;
                } else if (b == '-' && last == '\n') {
                    done.tryFail("Redis refused: " + received.getString(i, received.length()));
                }
                last = b;
            }
            missing -= found;
            return found;
        }
    }
}
