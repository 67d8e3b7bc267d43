package io.tradewind.statestore;

import static io.tradewind.statestore.StateStoreBed.await;
import static io.tradewind.statestore.StateStoreBed.failureOf;
import static io.tradewind.statestore.StateStoreBed.until;
import static io.tradewind.statestore.domain.Transactions.PARTITION;
import static io.tradewind.statestore.domain.Transactions.key;
import static io.tradewind.statestore.domain.Transactions.put;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.contracts.Addresses;
import io.tradewind.contracts.Failure;
import io.tradewind.contracts.state.Commit;
import io.tradewind.contracts.state.Durability;
import io.tradewind.contracts.state.LogKeys;
import io.tradewind.contracts.state.Transaction;
import io.tradewind.embeddedservers.EmbeddedRedis;
import io.tradewind.servicekit.Ports;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What other teams' services hear from a clustered state-store; the example of docs/ runs in a process of its own. */
@Timeout(300)
class PublicEventsIT {

    private static final String DOMAIN = key("x").domain();
    private static final String EXAMPLE = "docs/examples/subscriber/Subscriber.java";

    /** Transactions that the partition keeps in memory, and more: what lies behind them has to come from the log. */
    private static final int MORE_THAN_MEMORY = 12_000;

    @TempDir
    Path directory;

    private final String clusterName = "test-" + ProcessHandle.current().pid();
    private final int clusterPort = Ports.claim("127.0.0.1", 16_701, false);
    private EmbeddedRedis redis;
    private StateStoreBed bed;
    private Process subscriber;
    private int written;

    @BeforeEach
    void start() {
        redis = EmbeddedRedis.start(EmbeddedRedis.Options.in(directory.resolve("redis")));
        bed = StateStoreBed.clustered(
                redis.uri(),
                Map.of(
                        "cluster.name",
                        clusterName,
                        "cluster.port",
                        String.valueOf(clusterPort),
                        "cluster.members",
                        "127.0.0.1:" + clusterPort));
        await(bed.deploy());
    }

    @AfterEach
    void stop() throws Exception {
        if (subscriber != null) {
            subscriber.destroyForcibly().waitFor(30, TimeUnit.SECONDS);
        }
        bed.close();
        redis.close();
    }

    @Test
    void shouldPublishWhatIsDurableWithItsValueAndCause() {
        List<JsonObject> heard = new CopyOnWriteArrayList<>();
        await(bed.kit
                .vertx()
                .eventBus()
                .<String>consumer(Addresses.events(DOMAIN), message -> heard.add(new JsonObject(message.body())))
                .completion());
        Transaction tx = put("t1", "a", "1");
        await(bed.client.commit(durable(List.of(tx))));
        until("it is heard", () -> !heard.isEmpty());
        JsonObject event = heard.get(0);
        assertEquals(DOMAIN, event.getString("domain"));
        assertEquals(PARTITION, event.getInteger("partition"));
        assertEquals(1, event.getLong("version"));
        assertEquals(0, event.getLong("previous"));
        assertEquals("t1", event.getString("transaction"));
        assertEquals(tx.cause().actor(), event.getJsonObject("cause").getString("actor"));
        JsonObject change = event.getJsonArray("changes").getJsonObject(0);
        assertEquals(key("a").partitionKey(), change.getString("key"));
        assertEquals("a", change.getString("id"));
        assertFalse(change.getBoolean("deleted"));
        assertEquals(new JsonObject(tx.mutations().get(0).json().toString()), change.getJsonObject("value"));
        // The same as it is told to whoever asks.
        JsonObject page = new JsonObject(
                ask(new JsonObject().put("partition", PARTITION).put("after", 0).encode()));
        assertEquals(new JsonArray().add(event), page.getJsonArray("events"));
    }

    @Test
    void shouldAnswerEveryBadQuestion() {
        JsonObject good = new JsonObject().put("partition", PARTITION).put("after", 0);
        assertBad("not a JSON object", "nonsense");
        assertBad("not a JSON object", "[1,2]");
        assertBad("send a JSON object or its text, not Integer", 7);
        assertBad("send a JSON object or its text, not nothing", null);
        assertBad("partition null: must be a whole number within 0..15", new JsonObject());
        assertBad("partition 16: must", good.copy().put("partition", 16));
        assertBad("partition three: must", good.copy().put("partition", "three"));
        assertBad("partition 1.5: must", good.copy().put("partition", 1.5));
        assertBad("after -1: must", good.copy().put("after", -1));
        assertBad("after null: must", good.copy().putNull("after"));
        assertBad("limit 0: must be a whole number within 1..1000", good.copy().put("limit", 0));
        assertBad("limit 1001: must", good.copy().put("limit", 1001));
        assertBad("domain 5: must be text", good.copy().put("domain", 5));
        assertBad("field 'afterr' is not known", good.copy().put("afterr", 5));
        assertTrue(new JsonObject(ask(good)).getJsonArray("events").isEmpty(), "and a good one, as an object");
    }

    private void assertBad(String reason, Object question) {
        Throwable failure = failureOf(bed.kit.vertx().eventBus().request(Addresses.EVENTS_READ, question));
        assertEquals(
                Failure.INVALID.code(),
                assertInstanceOf(ReplyException.class, failure).failureCode(),
                String.valueOf(failure));
        assertTrue(failure.getMessage().startsWith(reason), failure.getMessage());
    }

    @Test
    void shouldSayResetForACursorThatTheLogDoesNotHave() {
        write(3);
        JsonObject ahead = new JsonObject(ask(
                new JsonObject().put("partition", PARTITION).put("after", 99).encode()));
        assertTrue(ahead.getBoolean("reset"));
        assertEquals(3, ahead.getLong("cursor"));
        assertTrue(ahead.getJsonArray("events").isEmpty());
    }

    @Test
    void shouldReachASubscriberInItsOwnProcessWithoutGapOrDuplicate() throws Exception {
        Path file = directory.resolve("heard.jsonl");
        write(20);
        startSubscriber(file);
        until("it has caught up", () -> versions(file).size() == 20);
        write(20);
        until("it has heard", () -> versions(file).size() == 40);

        // While it is killed, and while it is away, changes go on; a half line is what a crash leaves behind.
        write(5);
        kill();
        write(700);
        Files.writeString(file, Files.readString(file) + "{\"domain\":\"or");
        startSubscriber(file);
        write(5);
        until("it has everything", () -> versions(file).size() >= 750);
        assertEquals(LongStream.rangeClosed(1, 750).boxed().toList(), versions(file));

        // Away for longer than the log reaches back.
        kill();
        write(MORE_THAN_MEMORY);
        Redis raw = Redis.createClient(bed.kit.vertx(), redis.uri());
        await(raw.send(Request.cmd(Command.XTRIM)
                .arg(LogKeys.log(PARTITION))
                .arg("MAXLEN")
                .arg("1")));
        raw.close();
        startSubscriber(file);
        until("it notes the reset", () -> lines(file).stream().anyMatch(line -> line.containsKey("reset")));
        write(3);
        long last = 750 + MORE_THAN_MEMORY;
        List<Long> expected =
                new ArrayList<>(LongStream.rangeClosed(1, 750).boxed().toList());
        LongStream.rangeClosed(last + 1, last + 3).forEach(expected::add);
        until("it goes on", () -> versions(file).size() >= expected.size());
        assertEquals(expected, versions(file));
        assertEquals(
                List.of(last),
                lines(file).stream()
                        .filter(line -> line.containsKey("reset"))
                        .map(line -> line.getLong("version"))
                        .toList());
    }

    private void write(int transactions) {
        for (int rest = transactions; rest > 0; rest -= Commit.MAX_TRANSACTIONS) {
            List<Transaction> some = IntStream.range(0, Math.min(rest, Commit.MAX_TRANSACTIONS))
                    .mapToObj(i -> put("t" + ++written, "e" + written % 10, "v" + written))
                    .toList();
            assertTrue(await(bed.client.commit(durable(some))).allCommitted());
        }
    }

    private static Commit durable(List<Transaction> transactions) {
        return new Commit(PARTITION, Durability.DURABLE, transactions);
    }

    private String ask(Object question) {
        return await(bed.kit.vertx().eventBus().<String>request(Addresses.EVENTS_READ, question))
                .body();
    }

    /** From its source, with nothing of ours on the class path. */
    private void startSubscriber(Path file) throws IOException {
        String classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> entry.endsWith(".jar") && !isOurs(Path.of(entry)))
                .collect(Collectors.joining(File.pathSeparator));
        subscriber = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-modules",
                        "java.se",
                        "--add-exports",
                        "java.base/jdk.internal.ref=ALL-UNNAMED",
                        "--add-opens",
                        "java.base/java.lang=ALL-UNNAMED",
                        "--add-opens",
                        "java.base/sun.nio.ch=ALL-UNNAMED",
                        "--add-opens",
                        "java.management/sun.management=ALL-UNNAMED",
                        "--add-opens",
                        "jdk.management/com.sun.management.internal=ALL-UNNAMED",
                        "-cp",
                        classPath,
                        Path.of("..").resolve(EXAMPLE).toString(),
                        DOMAIN,
                        file.toString(),
                        "127.0.0.1:" + clusterPort,
                        clusterName)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("subscriber.log").toFile()))
                .start();
    }

    private static boolean isOurs(Path jar) {
        return jar.getParent().endsWith("target")
                || jar.toString().contains(Path.of("io", "tradewind").toString());
    }

    private void kill() throws InterruptedException {
        subscriber.destroyForcibly();
        assertTrue(subscriber.waitFor(30, TimeUnit.SECONDS));
    }

    /** What the subscriber has taken in, whole lines only. */
    private List<JsonObject> lines(Path file) {
        if (!subscriber.isAlive()) {
            throw new AssertionError("the subscriber has ended: " + read(directory.resolve("subscriber.log")));
        }
        String text = Files.exists(file) ? read(file) : "";
        return text.substring(0, text.lastIndexOf('\n') + 1)
                .lines()
                .map(JsonObject::new)
                .toList();
    }

    private List<Long> versions(Path file) {
        return lines(file).stream()
                .filter(line -> line.containsKey("changes"))
                .map(line -> line.getLong("version"))
                .toList();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
