package io.tradewind.gateway.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.contracts.Json;
import io.tradewind.contracts.state.Cause;
import io.tradewind.contracts.state.CommittedTransaction;
import io.tradewind.contracts.state.Domains;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.contracts.state.Mutation;
import io.tradewind.contracts.state.Partitions;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class StreamEventTest {

    private static final String ACCOUNT = "a1";
    private static final SubscriptionFilter FILTER =
            new SubscriptionFilter(ACCOUNT, EnumSet.of(Topic.ORDERS, Topic.POSITIONS));
    private static final CommittedTransaction TX = new CommittedTransaction(
            10,
            123,
            "t",
            new Cause("c", "c", "a"),
            List.of(
                    put(Domains.ORDER, ACCOUNT, "o1", "{\"status\":\"filled\"}"),
                    put(Domains.ORDER, "someone else", "o2", "{}"),
                    put(Domains.POSITION, ACCOUNT, "AAPL", "{\"qty\":\n\"1\"}"),
                    put(Domains.ACCOUNT, ACCOUNT, ACCOUNT, "{}")));

    @Test
    void shouldPickWhatTheFilterAsksForAndCountPositionsWithinTheTransaction() {
        List<StreamEvent> events = StreamEvent.of(FILTER, 3, TX, Position.behind(9));

        assertEquals(
                List.of("o1", "AAPL"), events.stream().map(e -> e.key().id()).toList());
        assertEquals(new Position(9, 1), events.get(0).position());
        assertEquals(Position.behind(10), events.get(1).position(), "the last one that matters completes it");
    }

    @Test
    void shouldGoOnWithinATransaction() {
        List<StreamEvent> all = StreamEvent.of(FILTER, 3, TX, Position.behind(9));

        assertEquals(
                List.of("AAPL"),
                StreamEvent.of(FILTER, 3, TX, all.get(0).position()).stream()
                        .map(e -> e.key().id())
                        .toList());
        assertEquals(List.of(), StreamEvent.of(FILTER, 3, TX, all.get(1).position()));
        assertEquals(2, StreamEvent.of(FILTER, 3, TX, new Position(4, 7)).size(), "an index of another transaction");
    }

    @Test
    void shouldNotSayThatSomethingIsGoneWhenItIsOnlyForgotten() {
        List<Mutation> deletes = List.of(new Mutation(new EntityKey(Domains.ORDER, ACCOUNT, "o1"), null));
        CommittedTransaction retention =
                new CommittedTransaction(11, 123, "r", new Cause("r", null, Cause.RETENTION), deletes);
        CommittedTransaction ordinary = new CommittedTransaction(11, 123, "t", new Cause("c", "c", "a"), deletes);

        assertEquals(List.of(), StreamEvent.of(FILTER, 3, retention, Position.behind(10)));
        assertEquals(1, StreamEvent.of(FILTER, 3, ordinary, Position.behind(10)).size());
    }

    @Test
    void shouldWriteOneLineOfData() {
        List<StreamEvent> events = StreamEvent.of(FILTER, 3, TX, Position.behind(9));

        assertEquals(
                "event: positions\ndata: {\"version\":10,\"at\":123,\"key\":\"AAPL\",\"type\":\"put\","
                        + "\"data\":{\"qty\": \"1\"}}\n\n",
                text(events.get(1).body()));
    }

    @Test
    void shouldWriteDeletesAndOddKeys() {
        assertEquals(
                "event: orders\ndata: {\"version\":1,\"at\":2,\"key\":\"a\\\"\\n\",\"type\":\"delete\",\"data\":null}\n\n",
                text(Frames.change(Topic.ORDERS, 1, 2, "a\"\n", null)));
    }

    @Test
    void shouldCallOnlyTheEndOfAnOrderCritical() {
        assertTrue(StreamEvent.of(FILTER, 3, TX, Position.behind(9)).get(0).isCritical());
        assertFalse(StreamEvent.of(FILTER, 3, TX, Position.behind(9)).get(1).isCritical());
    }

    @Test
    void shouldFollowThePartitionsOfItsTopicsOnly() {
        SubscriptionFilter market = new SubscriptionFilter(ACCOUNT, EnumSet.of(Topic.MARKET));

        assertEquals(List.of(Partitions.of(Domains.MARKET_KEY)), market.partitions());
        assertEquals(List.of(Partitions.of(ACCOUNT)), FILTER.partitions());
        assertEquals(
                Topic.RISK,
                new SubscriptionFilter(ACCOUNT, EnumSet.of(Topic.RISK))
                        .topicOf(new EntityKey(Domains.RISK, Domains.GLOBAL_KEY, "x")));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static Mutation put(String domain, String partitionKey, String id, String json) {
        return new Mutation(new EntityKey(domain, partitionKey, id), Json.of(json));
    }
}
