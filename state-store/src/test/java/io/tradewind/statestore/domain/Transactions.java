package io.tradewind.statestore.domain;

import io.tradewind.contracts.Json;
import io.tradewind.contracts.state.Cause;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.contracts.state.Expectation;
import io.tradewind.contracts.state.Mutation;
import io.tradewind.contracts.state.Partitions;
import io.tradewind.contracts.state.Transaction;
import java.util.List;

/** Transactions as tests need them, on partition {@link #PARTITION}. */
public final class Transactions {

    public static final int PARTITION = 3;
    public static final String OWNER = Partitions.pinnedKey(PARTITION);

    private Transactions() {}

    public static EntityKey key(String id) {
        return new EntityKey("thing", OWNER, id);
    }

    public static Transaction put(String txId, String id, String value, Expectation... expectations) {
        return new Transaction(txId, cause(txId), List.of(new Mutation(key(id), json(value))), List.of(expectations));
    }

    public static Transaction delete(String txId, String id) {
        return new Transaction(txId, cause(txId), List.of(new Mutation(key(id), null)), List.of());
    }

    public static Json json(String value) {
        return Json.of("{\"value\":\"" + value + "\"}");
    }

    public static Cause cause(String txId) {
        return new Cause("correlation-" + txId, null, "test");
    }
}
