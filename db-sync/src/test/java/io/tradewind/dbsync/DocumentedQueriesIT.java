package io.tradewind.dbsync;

import static io.tradewind.dbsync.Await.until;
import static io.tradewind.dbsync.TestLog.accountOn;
import static io.tradewind.dbsync.TestLog.activity;
import static io.tradewind.dbsync.TestLog.order;
import static io.tradewind.dbsync.TestLog.position;
import static io.tradewind.dbsync.TestLog.put;
import static io.tradewind.dbsync.TestLog.tx;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.contracts.state.Domains;
import io.tradewind.embeddedservers.SharedServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every query that the documents show works on the tables as they are, and finds what it says. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class DocumentedQueriesIT {

    private static final Path DOCS = Path.of("..", "docs");
    private static final Pattern SQL_BLOCK = Pattern.compile("```sql\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern STATEMENT = Pattern.compile("(.+?);[ ]*\\n", Pattern.DOTALL);
    private static final int PARTITION = 4;

    private TestBed bed;

    @BeforeEach
    void open() throws Exception {
        SharedServers.flushRedis();
        bed = new TestBed(SharedServers.redis().uri(), SharedServers.freshDatabase());
        bed.append(
                PARTITION,
                List.of(
                        tx(
                                1,
                                order("default", "0198-1", "accepted", "0"),
                                put(Domains.RISK, "default", "trading-state", "{\"trading_state\":\"active\"}")),
                        tx(2, order("default", "0198-1", "pending_new", "0"))));
        bed.append(
                PARTITION,
                List.of(
                        tx(
                                3,
                                order("default", "0198-1", "filled", "10"),
                                activity("default", "0198-1:e1", "0198-1", "10"),
                                position("default", "AAPL", "10"),
                                accountOn("default", "2026-01-30", "1000")),
                        tx(
                                4,
                                put(
                                        Domains.SIGNAL,
                                        "default",
                                        "s1",
                                        "{\"strategy\":\"momentum\",\"symbol\":\"AAPL\",\"strength\":\"0.5\"}"),
                                put(
                                        Domains.DENIAL,
                                        "default",
                                        "d1",
                                        "{\"reason\":\"RISK_MAX_ORDER_QTY\",\"count\":3,\"qty\":\"11\"}"),
                                put("weather", "europe", "oslo", "{\"rain\":3}"),
                                put("weather", "europe", "bergen", "{\"rain\":"))));
        bed.start();
        until("version 4 written", () -> bed.offset(PARTITION) == 4);
    }

    @AfterEach
    void close() {
        bed.close();
    }

    @Test
    void shouldFindWhatTheQueriesSay() throws Exception {
        List<String> queries = queries("QUERIES.md");
        assertTrue(queries.size() > 15, queries::toString);
        for (String query : queries) {
            boolean nothing = query.contains(": none.\n");
            assertEquals(nothing, bed.query(query).isEmpty(), query);
        }
    }

    @Test
    void shouldWorkWhereverTheDocumentsShowAQuery() throws Exception {
        for (String document : List.of("OPERATIONS.md", "STORAGE.md")) {
            for (String query : queries(document)) {
                bed.query(query);
            }
        }
    }

    @Test
    void shouldSayHowLongAnOrderTook() {
        // Committed 1, 2 and 3 ms behind the time in the documents, which is also when the broker filled it.
        assertEquals(
                List.of("0198-1|t|t|2.000|-2.000|0.000|null"),
                bed.query("SELECT id, sent_at = created_at + interval '2 ms', first_fill_at = created_at, queue_ms,"
                        + " broker_ms, fill_ms, total_ms FROM order_latency"));
    }

    @Test
    void shouldFindTheChangesOfAnEntityByAnIndex() {
        bed.execute("ALTER DATABASE " + bed.query("SELECT current_database()").get(0) + " SET enable_seqscan = off");

        String plan = String.join(
                "\n",
                bed.query("EXPLAIN SELECT * FROM state_changes WHERE domain = 'order' AND partition_key = 'default'"
                        + " AND entity_id = '0198-1'"));

        assertTrue(plan.contains("Index") && !plan.contains("Seq Scan"), plan);
    }

    private static List<String> queries(String document) throws IOException {
        List<String> queries = new ArrayList<>();
        Matcher blocks = SQL_BLOCK.matcher(Files.readString(DOCS.resolve(document)));
        while (blocks.find()) {
            Matcher statements = STATEMENT.matcher(blocks.group(1));
            while (statements.find()) {
                queries.add(statements.group(1).strip());
            }
        }
        return queries;
    }
}
