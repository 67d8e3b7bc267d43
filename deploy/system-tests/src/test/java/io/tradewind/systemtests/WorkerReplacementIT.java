package io.tradewind.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.tradewind.contracts.state.Partitions;
import io.tradewind.systemtests.harness.ApiClient;
import io.tradewind.systemtests.harness.Audit;
import io.tradewind.systemtests.harness.Books;
import io.tradewind.systemtests.harness.Burst;
import io.tradewind.systemtests.harness.Debugger;
import io.tradewind.systemtests.harness.Debugger.Stopped;
import io.tradewind.systemtests.harness.KeysFile;
import io.tradewind.systemtests.harness.Ledger;
import io.tradewind.systemtests.harness.Ledger.Outcome;
import io.tradewind.systemtests.harness.TradewindProcess;
import io.tradewind.systemtests.harness.Waiting;
import io.tradewind.systemtests.harness.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The program with several workers, under orders of an account of each; one of its event loops hangs in the middle of
 * them, because a debugger has stopped its thread. Defends: the worker is replaced and an operator is told; every order
 * that was acknowledged is there and is executed once, none that was refused is there, money follows from the fills, and
 * Postgres agrees; and nothing of that changes when the thread goes on.
 */
@Timeout(1200)
class WorkerReplacementIT {

    private static final String ENDPOINT = "io.tradewind.orderqueue.endpoint.";

    /** Where a worker hangs: what is sent, executed or answered is durable, and what follows from it is not. */
    private record Place(String what, String className, String method) {}

    private static final List<Place> PLACES = List.of(
            new Place("before the broker has its orders", ENDPOINT + "GuardedBroker", "submit"),
            new Place("when the broker has executed them", ENDPOINT + "Worker", "onReports"),
            new Place("before an order that is durable is answered", ENDPOINT + "Acknowledgment", "run"));

    private static final int WORKERS = 3;
    private static final int MIN_ORDERS = 100;
    /** Of a client between two orders: all orders of three rounds are audited in memory. */
    private static final long PAUSE_MS = 50;

    private static final Duration SOON = Duration.ofMinutes(2);
    private static final String REPLACED = "tradewind_workers_replaced_total";
    private static final String[] OPTIONS = {
        "--set", "order-queue.accounts=" + Audit.ACCOUNT + "," + String.join(",", accounts()),
        "--set", "order-queue.paper.cash=1000000000",
        "--set", "order-queue.workers=" + WORKERS,
        "--set", "order-queue.worker-check-interval=1s",
        "--set", "order-queue.worker-timeout=10s"
    };

    /** An account, and what its clients know. */
    private final Map<String, Ledger> ledgers = new TreeMap<>();

    @Test
    void shouldReplaceAWorkerThatHangsAndKeepEveryAcknowledgedOrderOnce() throws Exception {
        long seed = Long.getLong("tradewind.seed", System.nanoTime());
        System.out.println("worker replacement: seed " + seed + " (-Dtradewind.seed=" + seed + " repeats the choices)");
        Random random = new Random(seed);
        List<Place> places = new ArrayList<>(PLACES);
        Collections.shuffle(places, random);
        int port = Workspace.freePort();
        try (Workspace workspace = Workspace.open("worker")) {
            KeysFile.write(workspace.data(), accounts());
            try (TradewindProcess program = TradewindProcess.startDebugged(port, workspace.data(), OPTIONS);
                    Debugger debugger = Debugger.attach(port)) {
                for (String account : accounts()) {
                    ledgers.put(account, new Ledger(account, KeysFile.client(account, program.gateway())));
                }
                ledgers.put(Audit.ACCOUNT, new Ledger(Audit.ACCOUNT, program.client()));
                for (int round = 0; round < places.size(); round++) {
                    hangAndGoOn(program, debugger, places.get(round), round, random);
                }
            }
        }
    }

    private void hangAndGoOn(TradewindProcess program, Debugger debugger, Place place, int round, Random random)
            throws Exception {
        double replacedBefore = metric(program, REPLACED);
        List<Burst> bursts = new ArrayList<>();
        for (Ledger ledger : ledgers.values()) {
            bursts.add(Burst.start(
                    ledger.client(program),
                    ledger,
                    ledger.account() + "-r" + round,
                    random.nextLong(),
                    false,
                    PAUSE_MS));
        }
        awaitOrders("orders flow");
        Stopped stopped = debugger.stopAt(place.className(), place.method(), SOON);
        Waiting.until(stopped.name() + " is replaced", SOON, () -> metric(program, REPLACED) > replacedBefore);
        awaitOrders("orders flow again");
        for (Burst burst : bursts) {
            burst.stop();
            System.out.println("worker replacement: " + stopped.name() + " stopped " + place.what() + ", " + burst);
        }
        Books books = check(program);
        assertOperatorIsTold(program, stopped, place);

        stopped.goOn();
        Waiting.until("it has woken up and closed", SOON, () -> hanging(program) == 0);
        Books after = check(program);
        assertEquals(books.orders().keySet(), after.orders().keySet(), program::quoted);
        books.orders()
                .forEach((id, order) -> assertEquals(
                        order.statuses(), after.orders().get(id).statuses(), () -> order + program.quoted()));
    }

    private Books check(TradewindProcess program) throws Exception {
        Books books = Audit.check(program, ledgers.values().toArray(Ledger[]::new));
        for (Ledger ledger : ledgers.values()) {
            assertTrue(ledger.count(Outcome.ACKNOWLEDGED) > MIN_ORDERS, ledger::toString);
        }
        return books;
    }

    /** Orders of every account, whichever worker has it. */
    private void awaitOrders(String what) {
        Map<String, Integer> known = new TreeMap<>();
        ledgers.forEach((account, ledger) -> known.put(account, ledger.count(Outcome.ACKNOWLEDGED)));
        ledgers.forEach((account, ledger) -> Waiting.until(
                what + " of " + account,
                SOON,
                () -> ledger.count(Outcome.ACKNOWLEDGED) > known.get(account) + MIN_ORDERS));
    }

    /** The metric has told already; so do health, the log file with the place in the code, and the state. */
    private static void assertOperatorIsTold(TradewindProcess program, Stopped stopped, Place place) {
        Waiting.until("health tells of the thread that hangs", SOON, () -> hanging(program) == 1);
        String number = stopped.name().substring(stopped.name().lastIndexOf('-') + 1);
        JsonNode record = Waiting.valueOf(
                "the state tells that its successor is at work",
                SOON,
                () -> program.client()
                        .get("/v2/state/worker/" + number + "?key=global")
                        .ok()
                        .path("data"),
                data -> data.path("status").asText().equals("working"));
        assertEquals(stopped.name(), record.path("worker").asText());
        assertTrue(record.path("reason").asText().startsWith("it has not answered for "), record::toString);
        assertTrue(record.path("doing").asText().startsWith(stopped.name() + " "), record::toString);
        // The record is that of the last replacement; a machine that stands still may bring about one more.
        String where = place.className() + "." + place.method();
        Waiting.until("the log file shows what the thread did", SOON, () -> {
            String log = Files.readString(program.data().resolve("logs/tradewind.log"));
            return log.contains(stopped.name() + " is stuck: ") && log.contains(where);
        });
    }

    /** Threads that hang, as health says; −1 when it does not know now. */
    private static int hanging(TradewindProcess program) throws IOException {
        Matcher told = Pattern.compile("\"hanging\":(\\d+)")
                .matcher(new ApiClient(program.admin(), null, null)
                        .get("/health")
                        .body());
        return told.find() ? Integer.parseInt(told.group(1)) : -1;
    }

    private static double metric(TradewindProcess program, String name) throws IOException {
        String all = new ApiClient(program.admin(), null, null).get("/metrics").body();
        Matcher line = Pattern.compile("^" + name + "(?:\\{[^}]*})? (\\S+)$", Pattern.MULTILINE)
                .matcher(all);
        if (!line.find()) {
            throw new IOException("no metric " + name);
        }
        return Double.parseDouble(line.group(1));
    }

    /** Accounts beside the usual one, so that every worker has one of them at first. */
    private static List<String> accounts() {
        Map<Integer, String> found = new TreeMap<>();
        found.put(Partitions.of(Audit.ACCOUNT) % WORKERS, Audit.ACCOUNT);
        for (int i = 0; found.size() < WORKERS; i++) {
            found.putIfAbsent(Partitions.of("desk-" + i) % WORKERS, "desk-" + i);
        }
        return found.values().stream()
                .filter(account -> !account.equals(Audit.ACCOUNT))
                .toList();
    }
}
