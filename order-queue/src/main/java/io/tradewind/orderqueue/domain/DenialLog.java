package io.tradewind.orderqueue.domain;

import io.tradewind.contracts.Json;
import io.tradewind.contracts.JsonObjects;
import io.tradewind.contracts.orders.Denial;
import io.tradewind.contracts.orders.OrderTerms;
import io.tradewind.contracts.state.Domains;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.contracts.state.Mutation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What was denied in one partition and is not written yet: who wanted what, and why not. A record per denial, as long as an
 * account has fewer than {@value #MAX_SINGLE} within a second; beyond that, or when too much waits, those of one account
 * and code become one record with their number and the last of them. When even that has no room, they are counted as
 * dropped. So a flood of denials costs a few records a second, however long it lasts.
 *
 * <p>Records are new entities and never changed. Pure, on the thread of its driver; bounded in everything.
 */
public final class DenialLog {

    /** Records of an account within a second, before denials are gathered. */
    static final int MAX_SINGLE = 10;

    /** Records that wait; what was gathered may come to them once. */
    static final int MAX_WAITING = 500;

    /** Records in one transaction. */
    static final int MAX_TAKEN = 50;

    /** Accounts and codes that are gathered for at a time, and accounts that are counted within a second. */
    static final int MAX_GATHERED = 500;

    private static final int MAX_MESSAGE = 500;
    private static final long SECOND_MS = 1_000;

    /** What somebody asked for. */
    public enum Kind {
        ORDER("order", "client_order_id"),
        CANCEL("cancel", "order_id"),
        REPLACE("replace", "order_id");

        private final String text;
        private final String idField;

        Kind(String text, String idField) {
            this.text = text;
            this.idField = idField;
        }
    }

    /**
     * Who asked for something.
     *
     * @param what the client order id of an order, which may be {@code null}, or the id of the order that was to be changed
     * @param terms the order; {@code null} where there is none, or it could not be read
     */
    public record Request(
            Kind kind, String accountId, String what, OrderTerms terms, String actor, String correlationId) {}

    private record Gathered(Request last, Denial denial, int count, long sinceMs, long lastMs) {}

    private final Supplier<String> ids;
    private final Deque<Mutation> waiting = new ArrayDeque<>();
    private final Map<String, Gathered> gathered = new LinkedHashMap<>();
    private final Map<String, Integer> inThisSecond = new HashMap<>();
    private long second = Long.MIN_VALUE;
    private long dropped;

    /** @param ids makes new UUIDv7 texts */
    public DenialLog(Supplier<String> ids) {
        this.ids = ids;
    }

    public void add(Request request, Denial denial, long nowMs) {
        nextSecond(nowMs);
        boolean counted = inThisSecond.size() < MAX_GATHERED || inThisSecond.containsKey(request.accountId());
        int already = counted ? inThisSecond.merge(request.accountId(), 1, Integer::sum) : MAX_SINGLE + 1;
        if (already <= MAX_SINGLE && waiting.size() < MAX_WAITING) {
            waiting.addLast(record(new Gathered(request, denial, 1, nowMs, nowMs)));
            return;
        }
        String key = denial.code() + ":" + request.accountId();
        Gathered before = gathered.get(key);
        if (before != null) {
            gathered.put(key, new Gathered(request, denial, before.count() + 1, before.sinceMs(), nowMs));
        } else if (gathered.size() < MAX_GATHERED) {
            gathered.put(key, new Gathered(request, denial, 1, nowMs, nowMs));
        } else {
            dropped++;
        }
    }

    /** The next records to write, at most {@value #MAX_TAKEN}; what was gathered comes when its second is over. */
    public List<Mutation> take(long nowMs) {
        nextSecond(nowMs);
        List<Mutation> taken = new ArrayList<>();
        while (taken.size() < MAX_TAKEN && !waiting.isEmpty()) {
            taken.add(waiting.removeFirst());
        }
        return taken;
    }

    /** All that was gathered is to be taken, whether its second is over or not: this is the end. */
    public void close() {
        moveGathered();
    }

    public boolean isEmpty() {
        return waiting.isEmpty() && gathered.isEmpty();
    }

    /** Denials of which there is no record, and will be none. */
    public long dropped() {
        return dropped;
    }

    private void nextSecond(long nowMs) {
        long now = nowMs / SECOND_MS;
        if (now != second) {
            second = now;
            inThisSecond.clear();
            settle();
        }
    }

    private void settle() {
        if (waiting.size() < MAX_WAITING) {
            moveGathered();
        }
    }

    private void moveGathered() {
        gathered.values().forEach(each -> waiting.addLast(record(each)));
        gathered.clear();
    }

    private Mutation record(Gathered denied) {
        Request request = denied.last();
        Denial denial = denied.denial();
        String id = ids.get();
        Json json = JsonObjects.write(out -> {
            out.text("id", id)
                    .text("account_id", request.accountId())
                    .text("reason", denial.code().name())
                    .number("code", denial.code().apiCode())
                    .text("message", shortened(denial.message()))
                    .text("field", denial.field())
                    .text("request", request.kind().text)
                    .text(request.kind().idField, request.what());
            terms(request.terms(), out);
            out.text("actor", request.actor())
                    .text("correlation_id", request.correlationId())
                    .number("count", denied.count())
                    .time("denied_since", denied.sinceMs())
                    .time("denied_at", denied.lastMs());
        });
        return new Mutation(new EntityKey(Domains.DENIAL, request.accountId(), id), json);
    }

    private static void terms(OrderTerms terms, JsonObjects.Fields out) {
        if (terms != null) {
            out.text("symbol", terms.symbol())
                    .text("side", terms.side().text())
                    .text("type", terms.type().text())
                    .text("time_in_force", terms.timeInForce().text())
                    .decimal("qty", terms.qty())
                    .decimal("notional", terms.notional())
                    .decimal("limit_price", terms.limitPrice())
                    .decimal("stop_price", terms.stopPrice());
        }
    }

    private static String shortened(String message) {
        return message == null || message.length() <= MAX_MESSAGE ? message : message.substring(0, MAX_MESSAGE) + "…";
    }
}
