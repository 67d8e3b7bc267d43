package io.tradewind.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.contracts.Addresses;
import io.tradewind.contracts.Failure;
import io.tradewind.contracts.Json;
import io.tradewind.contracts.state.Partitions;
import io.tradewind.contracts.state.StateCommand;
import io.tradewind.contracts.state.SyncCommand;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An operator's commands: who may give them, and that an answer tells of every partition. */
@Timeout(300)
class OperatorIT {

    private static final Map<String, String> TRADER =
            Map.of("APCA-API-KEY-ID", "TRADER", "APCA-API-SECRET-KEY", "trader-secret");

    @TempDir
    private Path directory;

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private GatewayBed bed;
    private RawHttp http;

    @AfterEach
    void stop() throws Exception {
        http.close();
        bed.close();
    }

    private void start(Consumer<Message<StateCommand>> owner, String... overrides) throws Exception {
        bed = new GatewayBed(directory, overrides);
        http = bed.connect();
        for (int p = 0; p < Partitions.COUNT; p++) {
            GatewayBed.await(bed.kit
                    .vertx()
                    .eventBus()
                    .<StateCommand>consumer(Addresses.stateCommand(p), message -> {
                        asked.add(message.body().verb() + " " + message.body().partition());
                        owner.accept(message);
                    })
                    .completion());
        }
    }

    private static void answer(Message<StateCommand> message) {
        message.reply(Json.of("{\"partition\":" + message.body().partition() + ",\"ok\":true}"));
    }

    @Test
    void shouldTellOfEveryPartitionInALineOfItsOwn() throws Exception {
        start(OperatorIT::answer);

        RawHttp.Reply reply = post("verify", "");

        assertEquals(200, reply.status(), reply.body());
        assertEquals("application/x-ndjson", reply.header("content-type"));
        List<String> lines = reply.body().lines().toList();
        assertEquals(Partitions.COUNT, lines.size());
        for (int p = 0; p < Partitions.COUNT; p++) {
            assertEquals("{\"partition\":" + p + ",\"ok\":true}", lines.get(p));
            assertEquals("VERIFY " + p, asked.get(p));
        }
        assertEquals(200, http.send("GET", "/v2/clock", GatewayBed.KEY, null).status(), "the connection lives on");
    }

    @Test
    void shouldAskOnePartitionForWhatThePathSays() throws Exception {
        start(OperatorIT::answer);

        for (String verb : List.of("usage", "compress", "cleanup", "snapshot", "verify")) {
            assertEquals(
                    "{\"partition\":5,\"ok\":true}\n",
                    post(verb, "{\"partition\":5}").body());
        }
        assertEquals(List.of("USAGE 5", "COMPRESS 5", "CLEAN_UP 5", "SNAPSHOT 5", "VERIFY 5"), asked);
    }

    @Test
    void shouldAskDbSyncForWhatThePathSays() throws Exception {
        start(OperatorIT::answer);
        refused(503, "SERVICE_UNAVAILABLE", new JsonObject(sync("flush", "{\"partition\":5}")).getJsonObject("error"));
        List<String> heard = new CopyOnWriteArrayList<>();
        GatewayBed.await(bed.kit
                .vertx()
                .eventBus()
                .<SyncCommand>consumer(Addresses.SYNC_COMMAND, message -> {
                    heard.add(message.body().verb() + " " + message.body().partition());
                    message.reply(Json.of("{\"partition\":" + message.body().partition() + "}"));
                })
                .completion());

        for (String verb : List.of("status", "flush", "verify", "rebuild", "replay")) {
            assertEquals("{\"partition\":5}\n", sync(verb, "{\"partition\":5}"));
        }

        assertEquals(List.of("STATUS 5", "FLUSH 5", "VERIFY 5", "REBUILD 5", "REPLAY 5"), heard);
        assertEquals(Partitions.COUNT, sync("status", "").lines().count());
        refused(404, "PATH_UNKNOWN", http.send("POST", "/v2/system/sync/usage", GatewayBed.KEY, ""));
        refused(403, "REQUEST_FORBIDDEN", http.send("POST", "/v2/system/sync/status", TRADER, ""));
        assertTrue(asked.isEmpty(), asked.toString());
    }

    private String sync(String verb, String body) throws Exception {
        return http.send("POST", "/v2/system/sync/" + verb, GatewayBed.KEY, body)
                .body();
    }

    private static void refused(int status, String reason, JsonObject error) {
        assertEquals(status, error.getInteger("code") / 100_000, error::encode);
        assertEquals(reason, error.getString("reason"));
    }

    @Test
    void shouldGoOnBehindAPartitionThatFails() throws Exception {
        start(message -> {
            if (message.body().partition() == 3) {
                message.fail(Failure.UNAVAILABLE.code(), "partition 3 is not served now; try again");
            } else {
                answer(message);
            }
        });

        List<String> lines = post("snapshot", "").body().lines().toList();

        assertEquals(Partitions.COUNT, lines.size());
        JsonObject failed = new JsonObject(lines.get(3));
        assertEquals(3, failed.getInteger("partition"));
        assertEquals(
                "partition 3 is not served now; try again",
                failed.getJsonObject("error").getString("message"));
        assertEquals(50310000, failed.getJsonObject("error").getInteger("code"));
        assertEquals("{\"partition\":4,\"ok\":true}", lines.get(4));
    }

    @Test
    void shouldSayThatItLivesWhileAPartitionTakesLong() throws Exception {
        CompletableFuture<Message<StateCommand>> slow = new CompletableFuture<>();
        start(
                message -> {
                    if (message.body().partition() == 0) {
                        slow.complete(message);
                    } else {
                        answer(message);
                    }
                },
                "stream-heartbeat=100ms");
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + bed.port + "/v2/system/state/verify"))
                .headers(GatewayBed.KEY.entrySet().stream()
                        .flatMap(header -> Stream.of(header.getKey(), header.getValue()))
                        .toArray(String[]::new))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        try (Stream<String> lines = HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofLines())
                .body()) {
            Iterator<String> next = lines.iterator();

            assertEquals("", next.next());
            answer(slow.join());

            List<String> rest = new ArrayList<>();
            next.forEachRemaining(rest::add);
            rest.removeIf(String::isEmpty);
            assertEquals(Partitions.COUNT, rest.size(), rest.toString());
        }
    }

    @Test
    void shouldRefuseWhatIsNotThereAndWhoMayNot() throws Exception {
        start(OperatorIT::answer);

        refused(404, "PATH_UNKNOWN", post("format", ""));
        refused(422, "REQUEST_FIELD_INVALID", post("usage", "{\"partition\":16}"));
        refused(422, "REQUEST_FIELD_INVALID", post("usage", "{\"partition\":0.5}"));
        refused(422, "REQUEST_FIELD_UNKNOWN", post("usage", "{\"partitions\":1}"));
        refused(403, "REQUEST_FORBIDDEN", http.send("POST", "/v2/system/state/usage", TRADER, ""));
        assertTrue(asked.isEmpty(), asked.toString());
    }

    private RawHttp.Reply post(String verb, String body) throws Exception {
        return http.send("POST", "/v2/system/state/" + verb, GatewayBed.KEY, body);
    }

    private static void refused(int status, String reason, RawHttp.Reply reply) {
        assertEquals(status, reply.status(), reply.body());
        assertEquals(reason, new JsonObject(reply.body()).getString("reason"));
    }
}
