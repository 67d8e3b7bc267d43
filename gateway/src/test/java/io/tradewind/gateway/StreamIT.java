package io.tradewind.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.contracts.state.Domains;
import io.vertx.core.json.JsonObject;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The event stream over real sockets: order, resume, reset, snapshot, throttle, heartbeat, slow clients. */
@Timeout(300)
class StreamIT {

    private static final String ACCOUNT = GatewayBed.ACCOUNT;

    @TempDir
    private Path directory;

    private GatewayBed bed;

    @BeforeEach
    void start() throws Exception {
        bed = new GatewayBed(directory);
    }

    @AfterEach
    void stop() throws Exception {
        bed.close();
    }

    @Test
    void shouldPushChangesInOrderAndOnlyWhatWasAskedFor() throws Exception {
        try (SseClient stream = bed.stream("?topics=orders,market")) {
            assertEquals(
                    "text/event-stream; charset=utf-8",
                    stream.response().headers().firstValue("content-type").orElseThrow());
            bed.state.put(Domains.POSITION, ACCOUNT, "AAPL", "{}");
            bed.state.put(Domains.ORDER, "someone-else", "o0", "{}");
            for (int i = 0; i < 50; i++) {
                order("o" + i);
            }
            bed.state.put(Domains.ORDER, ACCOUNT, "o7", null);
            List<SseClient.Event> events = stream.next(51);
            for (int i = 0; i < 50; i++) {
                assertEquals("orders", events.get(i).name());
                assertEquals("o" + i, events.get(i).key());
                assertEquals("put", events.get(i).json().getString("type"));
            }
            assertEquals("delete", events.get(50).json().getString("type"));
            // Another partition: only within one is there an order.
            bed.state.put(Domains.MARKET, Domains.MARKET_KEY, "AAPL", "{\"bid\":1}");
            SseClient.Event quote = stream.next();
            assertEquals("market", quote.name());
            assertEquals(1, quote.json().getJsonObject("data").getInteger("bid"));
        }
    }

    @Test
    void shouldResumeAnywhereWithoutGapOrDuplicate() throws Exception {
        List<SseClient.Event> all;
        try (SseClient stream = bed.stream("?topics=orders,positions,market")) {
            for (int i = 0; i < 10; i++) {
                bed.state.commit(List.of(
                        FakeStateStore.mutation(Domains.ORDER, ACCOUNT, "o" + i, "{\"n\":1}"),
                        FakeStateStore.mutation(Domains.ACCOUNT, ACCOUNT, ACCOUNT, "{}"),
                        FakeStateStore.mutation(Domains.POSITION, ACCOUNT, "P" + i, "{}")));
                bed.state.put(Domains.MARKET, Domains.MARKET_KEY, "M" + i, "{}");
            }
            all = stream.next(30);
        }
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 10; round++) {
            int cut = random.nextInt(all.size());
            try (SseClient stream = bed.stream(
                    "?topics=orders,positions,market",
                    with("Last-Event-ID", all.get(cut).id()))) {
                List<String> rest = keys(stream.next(all.size() - cut - 1));
                order("sentinel" + round);
                List<String> expected = sorted(keys(all.subList(cut + 1, all.size())));
                // Replayed partition by partition, so the order between partitions may differ.
                assertEquals(expected, sorted(rest), "seed " + seed + ", cut behind " + cut);
                assertEquals("sentinel" + round, stream.next().key(), "then live, without a duplicate");
            }
            all.add(new SseClient.Event(latestCursor(), "orders", "{\"key\":\"sentinel" + round + "\"}"));
        }
    }

    @Test
    void shouldMissNothingWhileChangesGoOnAndLiveOnesAreLost() throws Exception {
        int count = 2_000;
        String start = latestCursor();
        Thread writer = new Thread(() -> {
            SplittableRandom random = new SplittableRandom(7);
            for (int i = 0; i < count; i++) {
                bed.state.silent(random.nextInt(10) == 0);
                order("w" + i);
            }
            bed.state.silent(false);
        });
        writer.start();
        List<SseClient> streams = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            streams.add(bed.stream("?topics=orders&since=" + start));
        }
        for (SseClient stream : streams) {
            List<SseClient.Event> events = stream.next(count);
            for (int i = 0; i < count; i++) {
                assertEquals("w" + i, events.get(i).key());
            }
            assertEquals(0, stream.pending());
            stream.close();
        }
        writer.join();
    }

    @Test
    void shouldSayResetWhenTheLogNoLongerReachesBack() throws Exception {
        String old = latestCursor();
        order("o1");
        bed.state.trim();
        order("o2");

        try (SseClient stream = bed.stream("?topics=orders&since=" + old)) {
            SseClient.Event reset = stream.next();
            assertEquals("reset", reset.name());
            order("o3");
            assertEquals("o3", stream.next().key(), "goes on from the head");
            try (SseClient again = bed.stream("?topics=orders", with("Last-Event-ID", reset.id()))) {
                assertEquals("o3", again.next().key(), "its cursor is the head at the reset");
            }
        }
    }

    @Test
    void shouldSendTheSnapshotFirstAndGoOnFromIt() throws Exception {
        for (int i = 0; i < 700; i++) {
            order("o%04d".formatted(i));
        }
        bed.state.put(Domains.POSITION, ACCOUNT, "AAPL", "{}");
        Thread writer = new Thread(() -> {
            for (int i = 0; i < 300; i++) {
                bed.state.put(Domains.ORDER, ACCOUNT, "o%04d".formatted(i), "{\"n\":" + i + "}");
            }
            order("end");
        });
        writer.start();
        try (SseClient stream = bed.stream("?topics=orders,positions&snapshot=true")) {
            Map<String, Long> versions = new java.util.HashMap<>();
            SseClient.Event event = stream.next();
            while (!event.name().equals("ready")) {
                assertEquals("snapshot", event.json().getString("type"));
                versions.put(event.name() + event.key(), event.json().getLong("version"));
                event = stream.next();
            }
            assertTrue(versions.size() >= 701, "entities: " + versions.size());
            assertEquals("{\"truncated\":[],\"stale\":false}", event.data());
            boolean ended = versions.containsKey("ordersend");
            while (!ended) {
                event = stream.next();
                long version = event.json().getLong("version");
                Long before = versions.put(event.name() + event.key(), version);
                assertTrue(before == null || before < version, "goes forward only: " + event);
                ended = event.key().equals("end");
            }
            assertEquals(702, versions.size());
        }
        writer.join();
    }

    @Test
    void shouldBoundTheSnapshotAndSaySo() throws Exception {
        bed.close();
        bed = new GatewayBed(directory, "stream-snapshot-entities=3");
        for (int i = 0; i < 5; i++) {
            order("o" + i);
        }
        try (SseClient stream = bed.stream("?topics=orders&snapshot=true")) {
            assertEquals(List.of("o4", "o3", "o2"), keys(stream.next(3)));
            assertEquals(
                    "{\"truncated\":[\"orders\"],\"stale\":false}",
                    stream.next().data());
        }
    }

    @Test
    void shouldIncludeOpenOrdersHoweverOldInTheSnapshot() throws Exception {
        bed.close();
        bed = new GatewayBed(directory, "stream-snapshot-entities=3");
        List<String> open = new ArrayList<>();
        try (RawHttp http = bed.connect()) {
            for (int i = 0; i < 3; i++) {
                open.add(0, place(http));
            }
            assertEquals(
                    204,
                    http.send("DELETE", "/v2/orders/" + open.remove(1), GatewayBed.KEY, null)
                            .status());
        }
        for (int i = 0; i < 5; i++) {
            order("o" + i);
        }
        try (SseClient stream = bed.stream("?topics=orders&snapshot=true")) {
            assertEquals(List.of("o4", "o3", "o2"), keys(stream.next(3)));
            assertEquals(open, keys(stream.next(2)), "those that are open, and no other");
            assertEquals(
                    "{\"truncated\":[\"orders\"],\"stale\":false}",
                    stream.next().data());
        }
        bed.orders.indexAway();
        try (SseClient stream = bed.stream("?topics=orders&snapshot=true")) {
            assertEquals(List.of("o4", "o3", "o2"), keys(stream.next(3)));
            assertEquals(
                    "{\"truncated\":[\"orders\"],\"stale\":true}", stream.next().data());
        }
    }

    private static String place(RawHttp http) throws Exception {
        String order = "{\"symbol\":\"AAPL\",\"qty\":\"1\",\"side\":\"buy\",\"type\":\"market\","
                + "\"time_in_force\":\"day\"}";
        return new JsonObject(
                        http.send("POST", "/v2/orders", GatewayBed.KEY, order).body())
                .getString("id");
    }

    @Test
    void shouldConflateForAThrottledClientAndPassTheEndOfAnOrderAtOnce() throws Exception {
        try (SseClient stream = bed.stream("?topics=orders&throttle=60000")) {
            for (int i = 0; i < 100; i++) {
                bed.state.put(Domains.ORDER, ACCOUNT, "o1", "{\"status\":\"new\",\"n\":" + i + "}");
            }
            bed.state.put(Domains.ORDER, ACCOUNT, "o2", "{\"status\":\"filled\"}");

            List<SseClient.Event> events = stream.next(2);

            assertEquals(List.of("o1", "o2"), keys(events));
            assertEquals(99, events.get(0).json().getJsonObject("data").getInteger("n"));
        }
        try (SseClient stream = bed.stream("?topics=orders&throttle=50")) {
            bed.state.put(Domains.ORDER, ACCOUNT, "o3", "{\"status\":\"new\"}");
            assertEquals("o3", stream.next().key(), "flushed by the timer");
        }
    }

    @Test
    void shouldSendHeartbeatsThatMoveTheCursor() throws Exception {
        bed.close();
        bed = new GatewayBed(directory, "stream-heartbeat=100ms");
        try (SseClient stream = bed.stream("?topics=orders")) {
            order("o1");
            String cursor = stream.next().id();
            bed.state.put(Domains.POSITION, ACCOUNT, "AAPL", "{}");
            SseClient.Event heartbeat = stream.nextOfAny();
            while (cursor.equals(heartbeat.id())) {
                heartbeat = stream.nextOfAny();
            }
            assertEquals("comment", heartbeat.name());
            try (SseClient again = bed.stream("?topics=orders", with("Last-Event-ID", heartbeat.id()))) {
                order("o2");
                assertEquals("o2", again.next().key());
            }
        }
    }

    @Test
    void shouldCutAClientThatDoesNotReadAndServeTheOthers() throws Exception {
        bed.close();
        bed = new GatewayBed(directory, "stream-max-pending=64KiB", "stream-slow-after=200ms");
        String big = "{\"x\":\"" + "x".repeat(10_000) + "\"}";
        try (Socket slow = new Socket();
                SseClient fast = bed.stream("?topics=orders")) {
            slow.setReceiveBufferSize(4096);
            slow.connect(new java.net.InetSocketAddress(java.net.InetAddress.getLoopbackAddress(), bed.port));
            slow.getOutputStream()
                    .write(("GET /v2/events?topics=orders HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
                                    + GatewayBed.KEY.get("APCA-API-KEY-ID") + ":"
                                    + GatewayBed.KEY.get("APCA-API-SECRET-KEY") + "\r\n\r\n")
                            .getBytes(StandardCharsets.UTF_8));
            GatewayBed.until("both are open", () -> gauge("tradewind_gateway_streams") == 2);
            int sent = 0;
            while (counter("tradewind_gateway_streams_cut") == 0 && sent < 2_000) {
                bed.state.put(Domains.ORDER, ACCOUNT, "o" + sent++, big);
                assertEquals("orders", fast.next().name());
            }
            GatewayBed.until("it is cut", () -> counter("tradewind_gateway_streams_cut") == 1);
            assertEquals(1, gauge("tradewind_gateway_streams"));
            bed.state.put(Domains.ORDER, ACCOUNT, "after", big);
            assertEquals("after", fast.next().key(), "the fast one lives on");
            // Still without reading: what is sent to a closed connection is answered with a reset.
            GatewayBed.until("the connection is closed", () -> !canSend(slow));
        }
    }

    private static boolean canSend(Socket socket) {
        try {
            socket.getOutputStream().write('x');
            return true;
        } catch (java.io.IOException e) {
            return false;
        }
    }

    @Test
    void shouldRefuseStreamsItCannotServe() throws Exception {
        bed.close();
        bed = new GatewayBed(directory, "max-streams=1");
        try (RawHttp http = bed.connect()) {
            assertEquals(400, status(http, "?since=nonsense"));
            assertEquals(422, status(http, "?topics=gossip"));
            assertEquals(401, http.send("GET", "/v2/events", Map.of(), null).status());
            assertEquals(
                    401, http.send("GET", "/v2/events?ticket=x", Map.of(), null).status());
            bed.state.away(true);
            RawHttp.Reply away = http.send("GET", "/v2/events", GatewayBed.KEY, null);
            assertEquals(503, away.status());
            assertEquals("1", away.header("retry-after"));
            bed.state.away(false);
            try (SseClient stream = bed.stream("")) {
                order("o1");
                assertEquals("o1", stream.next().key());
                assertEquals(503, status(http, ""));
            }
            GatewayBed.until("it is gone", () -> gauge("tradewind_gateway_streams") == 0);
            bed.stream("").close();
        }
    }

    @Test
    void shouldLetAnEventSourceInByTicket() throws Exception {
        try (RawHttp http = bed.connect()) {
            String ticket = new JsonObject(
                            http.send("POST", "/v2/tickets", GatewayBed.KEY, "").body())
                    .getString("ticket");
            try (SseClient stream = bed.stream("?topics=orders&ticket=" + ticket, Map.of())) {
                order("o1");
                assertEquals("o1", stream.next().key());
                assertTrue(stream.response().headers().firstValue("set-cookie").isPresent());
            }
            assertEquals(
                    401,
                    http.send("GET", "/v2/events?ticket=" + ticket, Map.of(), null)
                            .status());
        }
    }

    @Test
    void shouldEndStreamsWhenItStops() throws Exception {
        try (SseClient throttled = bed.stream("?topics=orders&throttle=60000");
                SseClient other = bed.stream("?topics=orders")) {
            order("o1");
            assertEquals("o1", other.next().key());
            assertEquals(0, throttled.pending());

            GatewayBed.await(bed.kit.services().stopAll());

            assertEquals("o1", throttled.next().key(), "what was held back is sent first");
            GatewayBed.until("they end", () -> throttled.ended() && other.ended());
        }
    }

    /** Where a stream that begins now stands. */
    private String latestCursor() throws Exception {
        try (SseClient stream = bed.stream("?topics=orders,positions,market&snapshot=true")) {
            SseClient.Event event = stream.next();
            while (!event.name().equals("ready")) {
                event = stream.next();
            }
            return event.id();
        }
    }

    private void order(String id) {
        bed.state.put(Domains.ORDER, ACCOUNT, id, "{\"id\":\"" + id + "\",\"status\":\"new\"}");
    }

    private static int status(RawHttp http, String query) throws Exception {
        return http.send("GET", "/v2/events" + query, GatewayBed.KEY, null).status();
    }

    private double counter(String name) {
        return bed.kit.meters().get(name).counter().count();
    }

    private double gauge(String name) {
        return bed.kit.meters().get(name).gauge().value();
    }

    private static Map<String, String> with(String header, String value) {
        Map<String, String> headers = new java.util.HashMap<>(GatewayBed.KEY);
        headers.put(header, value);
        return headers;
    }

    private static List<String> keys(List<SseClient.Event> events) {
        return events.stream().map(SseClient.Event::key).toList();
    }

    private static List<String> sorted(List<String> keys) {
        return keys.stream().sorted().toList();
    }
}
