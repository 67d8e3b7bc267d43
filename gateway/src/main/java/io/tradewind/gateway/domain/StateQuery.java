package io.tradewind.gateway.domain;

import io.tradewind.contracts.state.Domains;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.contracts.state.Partitions;
import io.tradewind.contracts.state.ReadEntities;
import io.tradewind.contracts.state.ReadHistory;
import java.util.List;
import java.util.function.Function;

/** Reads and checks what {@code /v2/state} is asked. Pure functions; what is wrong is an {@link ApiException}. */
public final class StateQuery {

    private static final int DEFAULT_LIMIT = 100;
    private static final int MAX_TEXT = 256;

    private StateQuery() {}

    /**
     * The partition key that is asked about: the caller's account unless it names another. Accounts are closed to each
     * other; what belongs to all (quotes, trading states) is open, and an admin sees everything.
     */
    public static String partitionKey(ApiKey caller, String domain, Function<String, String> parameter) {
        String key = parameter.apply("key");
        if (key == null || key.isEmpty()) {
            return domain.equals(Domains.MARKET) ? Domains.MARKET_KEY : caller.account();
        }
        boolean isOpen = (domain.equals(Domains.MARKET) && key.equals(Domains.MARKET_KEY))
                || (domain.equals(Domains.RISK) && key.equals(Domains.GLOBAL_KEY));
        if (!key.equals(caller.account()) && !isOpen && !caller.may(Scope.ADMIN)) {
            throw ApiError.of(
                            ApiCode.REQUEST_FORBIDDEN,
                            "this API key acts for one account only; to see the state of others it lacks the scope admin")
                    .exception();
        }
        return text("key", key);
    }

    /** @throws ApiException when one of the parts cannot be a name */
    public static EntityKey key(String domain, String partitionKey, String id) {
        try {
            return new EntityKey(text("domain", domain), partitionKey, text("id", id));
        } catch (IllegalArgumentException e) {
            throw RequestBody.invalid("key", e.getMessage());
        }
    }

    /** A page of the entities of a partition key. */
    public static ReadEntities list(String domain, String partitionKey, Function<String, String> parameter) {
        int partition = partition(partitionKey);
        int limit = Parameters.number(parameter, "limit", DEFAULT_LIMIT, 1, ReadEntities.MAX_LIMIT);
        String after = parameter.apply("after");
        boolean descending = Parameters.flag(parameter, "descending");
        return new ReadEntities(
                partition,
                text("domain", domain),
                partitionKey,
                List.of(),
                after == null || after.isEmpty() ? null : partitionKey,
                after == null || after.isEmpty() ? null : text("after", after),
                descending,
                limit,
                maxAgeMs(parameter));
    }

    /** How old an answer may be, milliseconds; {@link ReadEntities#ANY_AGE} when that does not matter. */
    public static long maxAgeMs(Function<String, String> parameter) {
        return Parameters.whole(parameter, "max_age_ms", ReadEntities.ANY_AGE, 0);
    }

    /** The version asked for, or 0: the present. */
    public static long version(Function<String, String> parameter) {
        return Parameters.whole(parameter, "version", 0, 1);
    }

    /** Changes below a version, the newest first. */
    public static ReadHistory history(EntityKey key, Function<String, String> parameter) {
        int limit = Parameters.number(parameter, "limit", DEFAULT_LIMIT, 1, ReadHistory.MAX_LIMIT);
        long before = Parameters.whole(parameter, "before", ReadHistory.NEWEST, 2);
        return new ReadHistory(key, before == ReadHistory.NEWEST ? before : before - 1, limit, false);
    }

    private static int partition(String partitionKey) {
        try {
            return Partitions.of(partitionKey);
        } catch (IllegalArgumentException e) {
            throw RequestBody.invalid("key", e.getMessage());
        }
    }

    private static String text(String name, String value) {
        if (value.isEmpty() || value.length() > MAX_TEXT) {
            throw RequestBody.invalid(name, "must have 1 to " + MAX_TEXT + " characters");
        }
        return value;
    }
}
