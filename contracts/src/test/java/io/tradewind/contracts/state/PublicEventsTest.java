package io.tradewind.contracts.state;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tradewind.contracts.Samples;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;

/** These texts are read by programs that we do not know: fields may be added, and that is all. */
class PublicEventsTest {

    private static final String PUT = "{\"domain\":\"order\",\"partition\":3,\"version\":41,\"previous\":39,"
            + "\"time\":\"2026-01-31T09:30:00.125Z\",\"transaction\":\"tx-1\","
            + "\"cause\":{\"correlation_id\":\"request-1\",\"causation_id\":\"order-1\",\"actor\":\"key-1\"},"
            + "\"changes\":[{\"key\":\"alice\",\"id\":\"0198-1\",\"version\":41,\"deleted\":false,"
            + "\"value\":{\"id\":\"0198-1\",\"qty\":\"10\"}}]}";

    private static final String DELETE = "{\"domain\":\"risk\",\"partition\":3,\"version\":41,\"previous\":40,"
            + "\"time\":\"2026-01-31T09:30:00.125Z\",\"transaction\":\"tx-1\","
            + "\"cause\":{\"correlation_id\":\"request-1\",\"causation_id\":\"order-1\",\"actor\":\"key-1\"},"
            + "\"changes\":[{\"key\":\"alice\",\"id\":\"Zürich\",\"version\":41,\"deleted\":true,\"value\":null}]}";

    private final CommittedTransaction tx = Samples.committed().get(0);

    @Test
    void shouldWriteOneEventPerDomainOfATransaction() {
        var domains = PublicEvents.byDomain(tx);
        assertEquals(List.of("order", "risk"), List.copyOf(domains.keySet()));
        assertEquals(PUT, PublicEvents.text(3, tx, "order", domains.get("order"), 39));
        assertEquals(DELETE, PublicEvents.text(3, tx, "risk", domains.get("risk"), 40));
    }

    @Test
    void shouldWriteAPageOfAllDomainsOrOfOne() {
        JsonObject all = new JsonObject(PublicEvents.page(3, 50, 40, 42, false, null, Samples.committed()));
        assertEquals(50, all.getLong("head"));
        assertEquals(42, all.getLong("cursor"));
        assertEquals(false, all.getBoolean("reset"));
        assertEquals(3, all.getJsonArray("events").size());
        assertEquals(new JsonObject(DELETE), all.getJsonArray("events").getJsonObject(1));
        JsonObject last = all.getJsonArray("events").getJsonObject(2);
        assertEquals(42, last.getLong("version"));
        assertEquals(41, last.getLong("previous"), "there was one before it in this page");
        assertEquals(
                new JsonObject()
                        .putNull("correlation_id")
                        .putNull("causation_id")
                        .putNull("actor"),
                last.getJsonObject("cause"));

        JsonObject one = new JsonObject(PublicEvents.page(3, 50, 40, 42, false, "risk", Samples.committed()));
        assertEquals(1, one.getJsonArray("events").size());
        assertEquals(42, one.getLong("cursor"), "what was passed over is told as well");
    }

    @Test
    void shouldWriteAReset() {
        assertEquals(
                "{\"partition\":3,\"head\":50,\"cursor\":50,\"reset\":true,\"events\":[]}",
                PublicEvents.page(3, 50, 7, 50, true, null, List.of()));
    }
}
