package io.tradewind.orderqueue.domain;

import static io.tradewind.orderqueue.domain.Samples.NOW;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tradewind.contracts.Json;
import io.tradewind.contracts.JsonObjects;
import io.tradewind.contracts.orders.TradingState;
import io.tradewind.contracts.state.Domains;
import io.tradewind.contracts.state.EntityKey;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TradingStatesTest {

    private final TradingStates states = new TradingStates();

    @Test
    void shouldBeActiveAtFirst() {
        assertEquals(TradingState.ACTIVE, states.of("alice"));
        assertEquals(TradingState.ACTIVE, states.global());
    }

    @ParameterizedTest
    @CsvSource({
        "ACTIVE, ACTIVE, ACTIVE",
        "ACTIVE, REDUCING, REDUCING",
        "REDUCING, ACTIVE, REDUCING",
        "HALTED, REDUCING, HALTED",
        "REDUCING, HALTED, HALTED",
        "HALTED, ACTIVE, HALTED"
    })
    void shouldLetTheStricterOneCount(TradingState global, TradingState own, TradingState counts) {
        states.put(TradingStates.key(null), global);
        states.put(TradingStates.key("alice"), own);
        assertEquals(counts, states.of("alice"));
        assertEquals(own, states.own("alice"));
        assertEquals(global, states.of("bob"));
    }

    @Test
    void shouldLoadWhatItStored() {
        for (TradingState state : TradingState.values()) {
            Json json = TradingStates.toJson("alice", state, "drill", "bob", NOW);
            states.load(TradingStates.key("alice"), json);
            assertEquals(state, states.own("alice"));
            Map<String, String> fields = JsonObjects.read(json);
            assertEquals("drill", fields.get("reason"));
            assertEquals("bob", fields.get("actor"));
        }
    }

    @Test
    void shouldLeaveOtherRiskEntitiesAlone() {
        states.load(new EntityKey(Domains.RISK, "alice", "limits"), Json.of("{\"max_order_qty\":\"5\"}"));
        assertEquals(TradingState.ACTIVE, states.own("alice"));
    }
}
