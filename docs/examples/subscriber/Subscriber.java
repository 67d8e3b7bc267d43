import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * Hears every change of one Tradewind domain, once each, and appends it to a file, one JSON object per line. Needs
 * vertx-core and vertx-hazelcast, and nothing of Tradewind.
 *
 * <p>The file is effect and cursor in one: what it has is what was taken in, so that a crash at any moment leaves neither
 * a gap nor a duplicate. Do the same where your effect lives, say with the cursor in the same database transaction.
 *
 * <p>Live events are delivered at most once. Each says the version of its transaction, and a {@code previous} version since
 * which nothing else of its domain has changed. Where that does not reach back to what we have, and every two seconds in
 * case the very last one was lost, we ask for what is behind our cursor.
 */
public final class Subscriber extends VerticleBase {

    private static final String READ = "tradewind.events-read";
    private static final int PARTITIONS = 16;
    private static final int LIMIT = 500;
    private static final long POLL_MS = 2_000;
    private static final long RETRY_MS = 500;
    /** A cursor that moved so far over changes of other domains is written down, or the log may leave it behind. */
    private static final long NOTE_CURSOR_AFTER = 1_000;

    private static final int BAD_REQUEST = 400;

    private final String domain;
    private final Path path;
    private final Follower[] followers = new Follower[PARTITIONS];
    private RandomAccessFile file;

    private Subscriber(String domain, Path path) {
        this.domain = domain;
        this.path = path;
    }

    /** Arguments: domain, file, members as host:port,… (127.0.0.1:5701), name of the cluster (tradewind). */
    public static void main(String[] args) {
        if (args.length < 2) {
            System.err.println("usage: Subscriber DOMAIN FILE [HOST:PORT,…] [CLUSTER]");
            System.exit(2);
        }
        HazelcastClusterManager cluster = cluster(
                args.length > 2 ? args[2] : "127.0.0.1:5701", args.length > 3 ? args[3] : "tradewind");
        Vertx.builder()
                .withClusterManager(cluster)
                .with(new VertxOptions().setEventBusOptions(new EventBusOptions().setHost("127.0.0.1")))
                .buildClustered()
                .compose(vertx -> vertx.deployVerticle(new Subscriber(args[0], Path.of(args[1]))))
                .onFailure(failure -> {
                    failure.printStackTrace();
                    System.exit(1);
                });
    }

    private static HazelcastClusterManager cluster(String members, String name) {
        Config config = new HazelcastClusterManager().loadConfig();
        config.setClusterName(name);
        config.setProperty("hazelcast.phone.home.enabled", "false")
                .setProperty("hazelcast.wait.seconds.before.join", "0")
                .setProperty("hazelcast.heartbeat.interval.seconds", "1")
                .setProperty("hazelcast.max.no.heartbeat.seconds", "5");
        config.getNetworkConfig().getInterfaces().setEnabled(true).addInterface("127.0.0.1");
        JoinConfig join = config.getNetworkConfig().getJoin();
        join.getAutoDetectionConfig().setEnabled(false);
        join.getMulticastConfig().setEnabled(false);
        join.getTcpIpConfig().setEnabled(true).setMembers(List.of(members.split(",")));
        return new HazelcastClusterManager(config);
    }

    @Override
    public Future<?> start() throws IOException {
        for (int p = 0; p < PARTITIONS; p++) {
            followers[p] = new Follower(p);
        }
        file = new RandomAccessFile(path.toFile(), "rw");
        readBack();
        return vertx.eventBus()
                .<String>consumer("tradewind.events." + domain, message -> onLive(new JsonObject(message.body())))
                .completion()
                .onSuccess(v -> {
                    // Subscribed first, asked then: what happens in between is in the answer, or comes live.
                    readAll();
                    vertx.setPeriodic(POLL_MS, id -> readAll());
                    System.out.println("following '" + domain + "' into " + path);
                });
    }

    /** Where we were. A last line that a crash has cut off was not taken in. */
    private void readBack() throws IOException {
        long end = 0;
        String line;
        while ((line = file.readLine()) != null) {
            if (file.getFilePointer() == file.length() && !endsWithNewline()) {
                break;
            }
            JsonObject event = new JsonObject(new String(line.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8));
            followers[event.getInteger("partition")].wrote(event.getLong("version"));
            end = file.getFilePointer();
        }
        file.setLength(end);
        file.seek(end);
    }

    private boolean endsWithNewline() throws IOException {
        file.seek(file.length() - 1);
        return file.read() == '\n';
    }

    private void readAll() {
        for (Follower follower : followers) {
            follower.read();
        }
    }

    private void onLive(JsonObject event) {
        followers[event.getInteger("partition")].onLive(event);
    }

    private void append(JsonObject line) {
        try {
            file.write((line.encode() + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            System.err.println(path + " cannot be written: " + e);
            System.exit(1);
        }
    }

    /** One partition. */
    private final class Follower {

        private final int partition;
        private long cursor;
        private long written;
        /** The newest version heard of while an answer was on its way, which may not have it yet. */
        private long seen;

        private boolean reading;

        Follower(int partition) {
            this.partition = partition;
        }

        void wrote(long version) {
            cursor = version;
            written = version;
        }

        void onLive(JsonObject event) {
            if (event.getLong("previous") <= cursor && !reading) {
                take(event);
            } else {
                seen = Math.max(seen, event.getLong("version"));
                read();
            }
        }

        private void take(JsonObject event) {
            if (event.getLong("version") > cursor) {
                append(event);
                wrote(event.getLong("version"));
            }
        }

        void read() {
            if (reading) {
                return;
            }
            reading = true;
            JsonObject question = new JsonObject()
                    .put("partition", partition)
                    .put("after", cursor)
                    .put("limit", LIMIT)
                    .put("domain", domain);
            vertx.eventBus()
                    .<String>request(READ, question.encode(), new DeliveryOptions().setSendTimeout(5_000))
                    .onSuccess(reply -> {
                        reading = false;
                        onPage(new JsonObject(reply.body()));
                    })
                    .onFailure(failure -> {
                        reading = false;
                        if (failure instanceof ReplyException reply && reply.failureCode() == BAD_REQUEST) {
                            System.err.println("not understood: " + failure.getMessage());
                            System.exit(1);
                        }
                        // Starting, changing owners, or gone for a while: nothing is missed by asking again.
                        vertx.setTimer(RETRY_MS, id -> read());
                    });
        }

        private void onPage(JsonObject page) {
            if (page.getBoolean("reset")) {
                // What happened between our cursor and this one is no longer in the log. Fetch the state as it is now
                // (over HTTP, or from Postgres), then go on from here; this example only notes that it happened.
                wrote(page.getLong("cursor"));
                append(new JsonObject()
                        .put("reset", true)
                        .put("partition", partition)
                        .put("version", cursor));
                return;
            }
            long before = cursor;
            JsonArray events = page.getJsonArray("events");
            for (int i = 0; i < events.size(); i++) {
                take(events.getJsonObject(i));
            }
            cursor = Math.max(cursor, page.getLong("cursor"));
            if (cursor - written >= NOTE_CURSOR_AFTER) {
                wrote(cursor);
                append(new JsonObject().put("cursor", true).put("partition", partition).put("version", cursor));
            }
            if (cursor < Math.max(seen, page.getLong("head"))) {
                if (cursor > before) {
                    read();
                } else {
                    // Published, and not in the log that answers: an owner is changing. Ask in a while, not at once.
                    seen = 0;
                    vertx.setTimer(RETRY_MS, id -> read());
                }
            }
        }
    }
}
