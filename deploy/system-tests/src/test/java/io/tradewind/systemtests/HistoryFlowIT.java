package io.tradewind.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tradewind.contracts.state.Partitions;
import io.tradewind.systemtests.harness.ApiClient;
import io.tradewind.systemtests.harness.PartitionLogs;
import io.tradewind.systemtests.harness.Tables;
import io.tradewind.systemtests.harness.TradewindProcess;
import io.tradewind.systemtests.harness.Waiting;
import io.tradewind.systemtests.harness.Workspace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What an order was, asked over HTTP of the packaged program, when it has left the state and its log has been trimmed:
 * the past comes from what db-sync has written.
 */
@Timeout(600)
class HistoryFlowIT {

    private static final Duration SOON = Duration.ofMinutes(2);

    private static final int ORDERS = 5;

    @Test
    void shouldTellThePastOfAnOrderThatHasLeftStateAndLog() throws Exception {
        try (Workspace workspace = Workspace.open("history");
                TradewindProcess program = TradewindProcess.start(
                        workspace.data(),
                        TradewindProcess.patient(
                                "--set",
                                "state-store.retention.rules.order=1s if status is filled",
                                "--set",
                                "state-store.retention.every=1s"))) {
            ApiClient client = program.client();
            String request = ApiClient.market("AAPL", "buy", "10")
                    .put("client_order_id", "remember-me")
                    .toString();
            Waiting.until(
                    "an order is taken",
                    SOON,
                    () -> client.post("/v2/orders", request).status() == 200);
            JsonNode filled = Waiting.valueOf(
                    "the order is filled",
                    SOON,
                    () -> client.get("/v2/orders:by_client_order_id?client_order_id=remember-me")
                            .json(),
                    order -> order.path("status").asText().equals("filled"));
            String id = filled.path("id").asText();
            Waiting.until(
                    "the order has left the state",
                    SOON,
                    () -> client.get("/v2/state/order/" + id).status() == 404);

            assertEquals(filled, client.order(id), "out of Postgres, the same document");
            assertEquals(
                    filled,
                    client.get("/v2/orders:by_client_order_id?client_order_id=remember-me")
                            .ok());
            List<String> before = history(client, id);
            assertTrue(
                    before.equals(List.of("deleted by retention", "filled", "pending_new"))
                            || before.equals(List.of("deleted by retention", "filled", "pending_new", "accepted")),
                    before::toString);

            int partition = Partitions.of(filled.path("account_id").asText());
            try (PartitionLogs logs = PartitionLogs.open(program.redis());
                    Tables tables = Tables.open(program.postgres())) {
                long[] versions = logs.heads();
                tables.awaitVersions(versions);
                // Only so far: the price moves on, and with it come entries that Postgres does not have yet.
                logs.trim(partition, versions[partition]);
            }
            assertEquals(before, history(client, id), "out of the archive, the same history");
            assertAsItWas(client, id);
        }
    }

    @Test
    void shouldListWhatHasLeftTheStateTogetherWithWhatHasNot() throws Exception {
        try (Workspace workspace = Workspace.open("past");
                TradewindProcess program = TradewindProcess.start(
                        workspace.data(),
                        "--set",
                        "state-store.retention.rules.order=1s if status is filled",
                        "--set",
                        "state-store.retention.every=1s")) {
            ApiClient client = program.client();
            List<String> filled = new ArrayList<>();
            for (int i = 0; i < ORDERS; i++) {
                filled.add(0, place(client, ApiClient.market("AAPL", "buy", "1")));
            }
            for (String id : filled) {
                Waiting.until(
                        "the order has left the state",
                        SOON,
                        () -> client.get("/v2/state/order/" + id).status() == 404);
            }
            String open = place(
                    client,
                    ApiClient.market("MSFT", "buy", "1").put("type", "limit").put("limit_price", "1"));

            assertEquals(filled, ids(client.get("/v2/orders?status=closed").ok()));
            List<String> all = new ArrayList<>(filled);
            all.add(0, open);
            assertEquals(all, ids(client.get("/v2/orders?status=all").ok()));
            assertEquals(all, paged(client, "/v2/orders?status=all&limit=2"));
            List<String> reversed = new ArrayList<>(all);
            Collections.reverse(reversed);
            assertEquals(reversed, paged(client, "/v2/orders?status=all&limit=2&direction=asc"));
            assertEquals(
                    filled, ids(client.get("/v2/orders?status=all&symbols=AAPL").ok()));
            assertEquals(
                    List.of(), ids(client.get("/v2/orders?status=all&side=sell").ok()));
            assertEquals(
                    client.order(filled.get(0)),
                    client.get("/v2/orders?status=closed&limit=1").ok().path(0),
                    "the same document");
            assertEquals(List.of(open), ids(client.get("/v2/orders").ok()), "what is open needs no past");

            JsonNode activities = client.get("/v2/account/activities").ok();
            assertTrue(activities.size() >= ORDERS, activities::toString);
            assertEquals(ids(activities), paged(client, "/v2/account/activities/FILL?page_size=2"));
            assertEquals(filled.get(0), activities.path(0).path("order_id").asText());
            assertEquals(
                    0,
                    client.get("/v2/account/activities?until=2020-01-01").ok().size());

            JsonNode portfolio = client.get("/v2/account/portfolio/history").ok();
            assertEquals("1D", portfolio.path("timeframe").asText());
            assertTrue(portfolio.path("timestamp").size() >= 1, portfolio::toString);
            assertEquals(
                    portfolio.path("timestamp").size(), portfolio.path("equity").size());
            assertEquals(
                    portfolio.path("timestamp").size(),
                    portfolio.path("profit_loss_pct").size());

            assertEquals(0, client.get("/v2/bars?symbol=NONE").ok().path("bars").size());
            String audit = "/v2/state/order/" + filled.get(0) + "/audit";
            JsonNode changes = client.get(audit).ok().path("changes");
            // It was accepted first if it had to wait.
            assertTrue(changes.size() == 3 || changes.size() == 4, changes::toString);
            assertEquals("retention", changes.path(0).path("actor").asText());
            JsonNode older = client.get(
                            audit + "?before=" + changes.path(1).path("version").asText())
                    .ok()
                    .path("changes");
            assertEquals(changes.path(2), older.path(0));
        }
    }

    private static String place(ApiClient client, ObjectNode order) throws Exception {
        return Waiting.valueOf(
                        "an order is taken",
                        SOON,
                        () -> client.post("/v2/orders", order.toString()),
                        reply -> reply.status() == 200)
                .json()
                .path("id")
                .asText();
    }

    private static List<String> ids(JsonNode array) {
        List<String> ids = new ArrayList<>();
        array.forEach(one -> ids.add(one.path("id").asText()));
        return ids;
    }

    /** Page by page, until one is empty. */
    private static List<String> paged(ApiClient client, String path) throws Exception {
        List<String> ids = new ArrayList<>();
        String token = "";
        while (true) {
            List<String> page = ids(client.get(path + token).ok());
            if (page.isEmpty()) {
                return ids;
            }
            ids.addAll(page);
            token = "&page_token=" + page.get(page.size() - 1);
        }
    }

    private static List<String> history(ApiClient client, String id) throws Exception {
        List<String> told = new ArrayList<>();
        String before = "";
        JsonNode page;
        do {
            page = client.get("/v2/state/order/" + id + "/history?limit=2" + before)
                    .ok();
            for (JsonNode change : page.path("changes")) {
                told.add(
                        change.path("type").asText().equals("delete")
                                ? "deleted by " + change.path("actor").asText()
                                : change.path("data").path("status").asText());
            }
            before = "&before=" + page.path("looked_back_to").asText();
        } while (page.path("end").asText().equals("more"));
        assertEquals("beginning", page.path("end").asText(), page::toString);
        return told;
    }

    private static void assertAsItWas(ApiClient client, String id) throws Exception {
        JsonNode changes = client.get("/v2/state/order/" + id + "/history").ok().path("changes");
        assertTrue(changes.size() >= 1, changes::toString);
        for (JsonNode change : changes) {
            ApiClient.Reply asOf = client.get("/v2/state/order/" + id + "?version="
                    + change.path("version").asText());
            if (change.path("type").asText().equals("delete")) {
                assertEquals(404, asOf.status(), asOf::body);
            } else {
                assertEquals(change.path("data"), asOf.ok().path("data"));
                assertEquals(change.path("version"), asOf.json().path("version"));
            }
        }
    }
}
