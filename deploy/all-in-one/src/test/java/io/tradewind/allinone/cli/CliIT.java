package io.tradewind.allinone.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tradewind.allinone.datadir.Endpoints;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The commands against a gateway that gives canned answers, as a user in a shell sees them. */
@Timeout(300)
class CliIT {

    private static final String ORDER =
            "{\"id\":\"o-1\",\"symbol\":\"AAPL\",\"side\":\"buy\",\"type\":\"market\",\"qty\":\"10\",\"limit_price\":null,"
                    + "\"filled_qty\":\"0\",\"filled_avg_price\":null,\"status\":\"accepted\","
                    + "\"created_at\":\"2026-11-21T08:00:00.123Z\"}";

    @TempDir
    private Path temp;

    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final Map<String, Answer> answers = new HashMap<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private HttpServer server;
    private volatile String body = "";
    private volatile String key = "";

    private record Answer(int status, String body) {}

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        running(url());
        Files.writeString(temp.resolve("credentials.json"), "{\"key_id\":\"TW1\",\"secret_key\":\"s\"}");
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void shouldPlaceAnOrderUnderAnIdThatCanBeRepeated() throws IOException {
        answers.put("POST /v2/orders", new Answer(200, ORDER));
        assertEquals(ExitCode.OK, run("order", "BUY", "aapl", "10", "--limit", "99.5", "--priority", "high"));
        JsonNode sent = new ObjectMapper().readTree(body);
        assertEquals("AAPL", sent.path("symbol").asText());
        assertEquals("buy", sent.path("side").asText());
        assertEquals("limit", sent.path("type").asText());
        assertEquals("99.5", sent.path("limit_price").asText());
        assertEquals("high", sent.path("priority").asText());
        assertEquals("day", sent.path("time_in_force").asText());
        assertEquals(36, sent.path("client_order_id").asText().length());
        assertEquals("TW1/s", key);
        assertTrue(stdout().contains("2026-11-21 08:00:00  AAPL    buy   market   10"), stdout());
    }

    @Test
    void shouldExitWithOneSentenceWhenDenied() {
        answers.put(
                "POST /v2/orders", new Answer(403, "{\"code\":40310000,\"message\":\"insufficient buying power\"}"));
        assertEquals(ExitCode.FAILED, run("order", "buy", "AAPL", "10"));
        assertEquals("tradewind: insufficient buying power (code 40310000)\n", stderr());
        assertEquals("", stdout());
    }

    @Test
    void shouldSayThatAnOutcomeIsUnknownAndHowToRepeat() {
        answers.put("POST /v2/orders", new Answer(504, "{\"code\":50410000,\"message\":\"outcome unknown\"}"));
        assertEquals(ExitCode.UNKNOWN, run("order", "buy", "AAPL", "10", "--client-order-id", "mine"));
        assertTrue(stderr().endsWith("; repeat it with --client-order-id mine\n"), stderr());
    }

    @Test
    void shouldTakeALostAnswerForUnknownNotFailed() {
        answers.put("POST /v2/orders", new Answer(-1, ""));
        assertEquals(ExitCode.UNKNOWN, run("order", "buy", "AAPL", "10"));
        assertEquals(1, requests.size(), "a change must not be repeated behind the user's back");
    }

    @Test
    void shouldTakeAnUnavailableServerForNothingDone() {
        answers.put("DELETE /v2/orders/o-1", new Answer(503, "{\"code\":50310000,\"message\":\"draining\"}"));
        assertEquals(ExitCode.FAILED, run("cancel", "o-1"));
    }

    @Test
    void shouldCancel() {
        answers.put("DELETE /v2/orders/o%2F1", new Answer(204, ""));
        assertEquals(ExitCode.OK, run("cancel", "o/1"));
        assertEquals("Cancel of o/1 requested.\n", stdout());
    }

    @Test
    void shouldListOrdersAsTableOrAsJson() {
        answers.put("GET /v2/orders?status=open&limit=5", new Answer(200, "[" + ORDER + "]"));
        assertEquals(ExitCode.OK, run("orders", "--status", "open", "--limit", "5"));
        assertEquals("""
                TIME                 SYMBOL  SIDE  TYPE    QTY  LIMIT  FILLED  AVG PRICE  STATUS    ID
                2026-11-21 08:00:00  AAPL    buy   market   10              0             accepted  o-1
                """, stdout());
        assertEquals(ExitCode.OK, run("orders", "--status", "open", "--limit", "5", "--json"));
        assertEquals("[" + ORDER + "]\n", stdout());
        answers.put("GET /v2/orders?status=all&limit=50", new Answer(200, "[]"));
        assertEquals(ExitCode.OK, run("orders"));
        assertEquals("No orders.\n", stdout());
    }

    @Test
    void shouldFlattenAnAccount() throws IOException {
        answers.put(
                "POST /v2/system/trading-state",
                new Answer(200, "{\"state\":\"halted\",\"canceling\":0,\"flattening\":1}"));
        assertEquals(ExitCode.OK, run("halt", "--flatten", "--account", "alice"));
        assertTrue(new ObjectMapper().readTree(body).path("flatten").asBoolean());
        assertEquals("alice", new ObjectMapper().readTree(body).path("account").asText());
        assertEquals("Trading is halted; the positions of 1 accounts are being closed.\n", stdout());
    }

    @Test
    void shouldReconcileAndFailWhenSomethingStaysUnresolved() {
        String run = "{\"orders\":3,\"executions\":1,\"positions_compared\":false,\"unresolved\":0,\"mismatches\":[";
        answers.put("POST /v2/system/reconciliation?dry_run=true", new Answer(200, run + "]}"));
        assertEquals(ExitCode.OK, run("reconcile", "--dry-run"));
        assertEquals("""
                No mismatch.
                3 orders and 1 executions compared; the broker keeps no positions to compare.
                """, stdout());
        String found = "{\"kind\":\"quantity_differs\",\"resolution\":\"escalated\",\"account_id\":\"alice\","
                + "\"subject\":\"AAPL\",\"ours\":\"1 held\",\"theirs\":\"2 held\"}";
        answers.put(
                "POST /v2/system/reconciliation",
                new Answer(200, run.replace("\"unresolved\":0", "\"unresolved\":1") + found + "]}"));
        assertEquals(ExitCode.FAILED, run("reconcile"));
        assertTrue(stdout().contains("quantity_differs  escalated   alice    AAPL"), "told in a table");
    }

    @Test
    void shouldHaltAndResume() throws IOException {
        answers.put("POST /v2/system/trading-state", new Answer(200, "{\"state\":\"halted\",\"canceling\":2}"));
        assertEquals(ExitCode.OK, run("halt", "--cancel-all"));
        assertEquals("halted", new ObjectMapper().readTree(body).path("state").asText());
        assertTrue(new ObjectMapper().readTree(body).path("cancel_all").asBoolean());
        assertEquals("Trading is halted; 2 open orders are being canceled.\n", stdout());
        answers.put("POST /v2/system/trading-state", new Answer(200, "{\"state\":\"active\"}"));
        assertEquals(ExitCode.OK, run("resume"));
        assertEquals("active", new ObjectMapper().readTree(body).path("state").asText());
        assertEquals("Trading is active.\n", stdout());
    }

    @Test
    void shouldShowTheStatusWithWhatTheChecksFound() {
        answers.put("GET /v2/system/status", new Answer(200, """
                        {"status":"degraded","version":"0.1.0","time":"2026-11-21T08:00:00Z",
                         "score":{"points":90,"reasons":["Redis is slow"]},
                         "services":[{"name":"db-sync","instance":"vm-1","state":"up",
                          "details":{"lag":{"status":"degraded","details":{"lag_ms":7,"queue_bytes":2048}}}}],
                         "machine":{"cpu_cores":2,"memory_total_bytes":25276518400}}"""));
        assertEquals(ExitCode.OK, run("status"));
        assertEquals("Tradewind 0.1.0 at " + url() + " is degraded, score 90\n" + """
                          - Redis is slow

                        SERVICE  STATE  INSTANCE  DETAILS
                        db-sync  up     vm-1      lag=degraded lag_ms=7 queue_bytes=2.00 KiB

                        MEASURED                 VALUE
                        machine.cpu_cores            2
                        machine.memory_total  23.5 GiB
                        """, stdout());
    }

    @Test
    void shouldFollowTheStreamUntilTheCountIsReached() {
        answers.put(
                "GET /v2/events?topics=orders,market",
                new Answer(200, ": hi\n\nid: c7\nevent: orders\ndata: " + ORDER + "\n\n"));
        assertEquals(ExitCode.OK, run("stream", "--topics", "orders,market", "--count", "1", "--json"));
        assertEquals("{\"id\":\"c7\",\"event\":\"orders\",\"data\":" + ORDER + "}\n", stdout());
    }

    @Test
    void shouldResumeTheStreamAfterTheLastEvent() {
        answers.put("GET /v2/events?topics=orders", new Answer(200, "id: c7\nevent: orders\ndata: {}\n\n"));
        assertEquals(ExitCode.OK, run("stream", "--topics", "orders", "--since", "c6", "--count", "2"));
        assertEquals(List.of("GET /v2/events?topics=orders c6", "GET /v2/events?topics=orders c7"), requests);
    }

    @Test
    void shouldTellNothingRunningFromNothingAnswering() throws IOException {
        Endpoints.remove(temp);
        assertEquals(ExitCode.UNREACHABLE, run("account"));
        assertTrue(stderr().startsWith("tradewind: Tradewind is not running on " + temp), stderr());
        running("http://127.0.0.1:1");
        assertEquals(ExitCode.UNREACHABLE, run("account"));
        assertTrue(stderr().startsWith("tradewind: nothing answers at http://127.0.0.1:1"), stderr());
    }

    @Test
    void shouldNotSendAKeyOfADataDirectoryToAnotherAddress() {
        assertEquals(ExitCode.USAGE, run("account", "--url", url()));
        assertTrue(requests.isEmpty());
        answers.put("GET /v2/account", new Answer(200, "{\"id\":\"a\",\"cash\":\"1000000\"}"));
        assertEquals(ExitCode.OK, run("account", "--url", url() + "/", "--key", "k", "--secret", "x"));
        assertEquals("k/x", key);
        assertTrue(stdout().contains("1000000"), stdout());
    }

    @Test
    void shouldRefuseWhatItDoesNotUnderstand() {
        assertEquals(ExitCode.USAGE, run("order", "hold", "AAPL", "1"));
        assertEquals(ExitCode.USAGE, run("orders", "--status", "odd"));
        assertEquals(ExitCode.USAGE, run("ordres"));
        assertEquals(ExitCode.USAGE, run());
        assertEquals(ExitCode.USAGE, run("account", "--url", "nonsense", "--key", "k", "--secret", "x"));
        assertFalse(stderr().isEmpty());
        assertTrue(requests.isEmpty());
    }

    @Test
    void shouldListEveryCommandInHelp() {
        assertEquals(ExitCode.OK, run("help"));
        for (String command : List.of(
                "up",
                "status",
                "order",
                "cancel",
                "orders",
                "positions",
                "account",
                "stream",
                "halt",
                "resume",
                "strategies",
                "limits",
                "config",
                "version",
                "help",
                "bench")) {
            assertTrue(stdout().contains("\n  " + command + " "), command);
        }
    }

    private int run(String... args) {
        out.reset();
        err.reset();
        Console console = new Console(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                Map.of(),
                temp,
                false);
        String[] all = args;
        if (args.length > 0 && !List.of("help", "ordres").contains(args[0])) {
            all = java.util.Arrays.copyOf(args, args.length + 2);
            all[args.length] = "--data";
            all[args.length + 1] = ".";
        }
        return Tradewind.run(console, all);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String request = exchange.getRequestMethod() + " " + exchange.getRequestURI();
        String since = exchange.getRequestHeaders().getFirst("Last-Event-ID");
        requests.add(since == null ? request : request + " " + since);
        key = exchange.getRequestHeaders().getFirst("APCA-API-KEY-ID") + "/"
                + exchange.getRequestHeaders().getFirst("APCA-API-SECRET-KEY");
        body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        Answer answer = answers.getOrDefault(request, new Answer(404, "{\"message\":\"no such path\"}"));
        if (answer.status() < 0) {
            exchange.close();
            return;
        }
        byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private void running(String gateway) throws IOException {
        new Endpoints(1, gateway, "", "", "", temp.resolve("snapshots").toString(), Instant.EPOCH, "0.1.0").write(temp);
    }

    private String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private String stdout() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String stderr() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
