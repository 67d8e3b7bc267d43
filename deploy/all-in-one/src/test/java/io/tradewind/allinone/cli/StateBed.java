package io.tradewind.allinone.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tradewind.allinone.datadir.DataDirectory;
import io.tradewind.allinone.datadir.Endpoints;
import io.tradewind.contracts.Json;
import io.tradewind.contracts.state.Domains;
import io.tradewind.contracts.state.Entity;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.contracts.state.Partitions;
import io.tradewind.statestore.domain.EntityBatch;
import io.tradewind.statestore.snapshot.DirectorySnapshotStore;
import io.tradewind.statestore.snapshot.SnapshotId;
import io.tradewind.statestore.snapshot.SnapshotInfo;
import io.tradewind.statestore.snapshot.SnapshotWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * An instance that seems to run on {@code data}: it holds the lock, it has snapshots as the state-store writes them, and
 * its gateway gives canned answers. One thread; closed by the test.
 */
final class StateBed implements AutoCloseable {

    private static final String RUNNING = "data";

    private final Path temp;
    private final DataDirectory lock;
    private final HttpServer server;
    private final Map<String, String> answers = new HashMap<>();
    private final Map<Integer, SnapshotId> newest = new TreeMap<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    StateBed(Path temp) throws Exception {
        this.temp = temp;
        lock = DataDirectory.open(temp.resolve(RUNNING), "0.1.0");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        String url = "http://127.0.0.1:" + server.getAddress().getPort();
        new Endpoints(1, url, "", "", "", lock.snapshots().toString(), Instant.EPOCH, "0.1.0").write(lock.root());
        Files.writeString(lock.root().resolve("credentials.json"), "{\"key_id\":\"TW1\",\"secret_key\":\"s\"}");
    }

    /** What the partitions answer to a command; an empty line ends the answer too early. */
    void answer(String verb, IntFunction<String> line) {
        answer("state", verb, line);
    }

    /** The same of another service than the state-store. */
    void answer(String service, String verb, IntFunction<String> line) {
        answers.put(
                "POST /v2/system/" + service + "/" + verb,
                IntStream.range(0, Partitions.COUNT)
                        .mapToObj(line)
                        .takeWhile(text -> !text.isEmpty())
                        // As a gateway does that waits for the next one.
                        .collect(Collectors.joining("\n\n", "\n", "\n")));
    }

    /** Takes a snapshot of each partition, of {@code firstVersion} and up, and answers with it. */
    void snapshots(long firstVersion) throws IOException {
        try (DirectorySnapshotStore store = DirectorySnapshotStore.open(lock.snapshots())) {
            for (int p = 0; p < Partitions.COUNT; p++) {
                SnapshotInfo info = new SnapshotInfo(p, firstVersion + p, 1_000, -1, Map.of());
                try (SnapshotWriter writer = store.create(info)) {
                    writer.writeEntities(EntityBatch.of(entities(p)));
                    writer.writeTransactions(List.of("t1"), new long[] {1});
                    newest.put(p, writer.complete());
                }
            }
        }
        answer(
                "snapshot",
                p -> "{\"partition\":" + p + ",\"version\":"
                        + newest.get(p).version() + ",\"name\":\""
                        + newest.get(p).name() + "\",\"bytes\":"
                        + newest.get(p).bytes() + "}");
    }

    /** Of each domain one; the position in the shape that it had first. */
    private static List<Entity> entities(int partition) {
        String key = Partitions.pinnedKey(partition);
        List<Entity> entities = new ArrayList<>();
        entities.add(new Entity(new EntityKey(Domains.ORDER, key, "o"), 1, 1_000, Json.of("{\"id\":\"o\"}")));
        entities.add(new Entity(new EntityKey(Domains.ACCOUNT, key, key), 2, 1_000, Json.of("{\"cash\":\"1\"}")));
        entities.add(new Entity(
                new EntityKey(Domains.POSITION, key, "AAPL"),
                3,
                1_000,
                Json.of("{\"symbol\":\"AAPL\",\"qty\":\"1\",\"cost_basis\":\"2\",\"unrealized_pl\":\"1\"}")));
        return entities;
    }

    Path snapshot(int partition) {
        return DirectorySnapshotStore.file(lock.snapshots(), newest.get(partition));
    }

    void damage(int partition) throws IOException {
        byte[] bytes = Files.readAllBytes(snapshot(partition));
        bytes[bytes.length / 2] ^= 1;
        Files.write(snapshot(partition), bytes);
    }

    /** {@code ./tradewind state …} about what seems to run. */
    int run(String... args) {
        return run("state", RUNNING, false, args);
    }

    /** {@code ./tradewind sync …} about the same. */
    int sync(String... args) {
        return run("sync", RUNNING, false, args);
    }

    /** The same where a person looks at standard error. */
    int runWatched(String... args) {
        return run("state", RUNNING, true, args);
    }

    /** The same about another directory. */
    int runOn(String data, String... args) {
        return run("state", data, false, args);
    }

    private int run(String command, String data, boolean progress, String... args) {
        out.reset();
        err.reset();
        Console console = new Console(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                Map.of(),
                temp,
                false,
                progress);
        List<String> all = new ArrayList<>(List.of(command));
        all.addAll(Arrays.asList(args));
        all.addAll(List.of("--data", data));
        return Tradewind.run(console, all.toArray(String[]::new));
    }

    String stdout() {
        return out.toString(StandardCharsets.UTF_8);
    }

    String stderr() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String body = answers.get(exchange.getRequestMethod() + " " + exchange.getRequestURI());
        byte[] bytes = (body == null ? "{\"message\":\"no such path\"}" : body).getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(body == null ? 404 : 200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
        lock.close();
    }
}
