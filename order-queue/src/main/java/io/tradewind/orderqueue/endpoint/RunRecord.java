package io.tradewind.orderqueue.endpoint;

import io.tradewind.contracts.Json;
import io.tradewind.contracts.JsonObjects;
import io.tradewind.orderqueue.domain.Mismatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** One comparison with the broker, as it is stored and told. Filled in by its run, on one event loop after the other. */
final class RunRecord {

    /** Mismatches told in full; the numbers count all of them. */
    static final int MAX_TOLD = 200;

    /** Why a run was made. */
    enum Trigger {
        /** Orders waited for it: after a start, a reload of a desk, or a lost connection. */
        START,
        TIMER,
        OPERATOR
    }

    private final String id;
    private final Trigger trigger;
    private final boolean dryRun;
    private final String actor;
    private final long startedMs;
    private final List<Mismatch> mismatches = new ArrayList<>();
    private final List<Mismatch> news = new ArrayList<>();
    private long finishedMs;
    private int orders;
    private int executions;
    private int positions = -1;

    RunRecord(String id, Trigger trigger, boolean dryRun, String actor, long startedMs) {
        this.id = id;
        this.trigger = trigger;
        this.dryRun = dryRun;
        this.actor = actor;
        this.startedMs = startedMs;
    }

    String id() {
        return id;
    }

    Trigger trigger() {
        return trigger;
    }

    boolean dryRun() {
        return dryRun;
    }

    String actor() {
        return actor;
    }

    long startedMs() {
        return startedMs;
    }

    long finishedMs() {
        return finishedMs;
    }

    List<Mismatch> mismatches() {
        return mismatches;
    }

    /** Those left to people that no run before has found. */
    List<Mismatch> newMismatches() {
        return news;
    }

    void compared(int ourOrders, int theirExecutions) {
        orders = ourOrders;
        executions = theirExecutions;
    }

    /** Takes in what was found in other partitions. */
    void add(RunRecord part) {
        orders += part.orders;
        executions += part.executions;
        positions = part.positions < 0 ? positions : Math.max(0, positions) + part.positions;
        mismatches.addAll(part.mismatches);
    }

    /** The broker keeps books, with so many positions in them. */
    void positions(int theirPositions) {
        positions = theirPositions;
    }

    void found(List<Mismatch> more) {
        mismatches.addAll(more);
    }

    void isNew(Mismatch mismatch) {
        news.add(mismatch);
    }

    void finished(long nowMs) {
        finishedMs = nowMs;
    }

    private long unresolved() {
        return mismatches.stream().filter(Mismatch::isEscalated).count();
    }

    Json toJson() {
        long unresolved = unresolved();
        List<Consumer<JsonObjects.Fields>> told = new ArrayList<>();
        // What people have to look at comes first, and is never cut off by what is settled.
        mismatches.stream().filter(Mismatch::isEscalated).forEach(each -> told.add(out -> write(out, each)));
        mismatches.stream().filter(each -> !each.isEscalated()).forEach(each -> told.add(out -> write(out, each)));
        return JsonObjects.write(out -> {
            out.text("id", id)
                    .text("trigger", trigger.name().toLowerCase(Locale.ROOT))
                    .flag("dry_run", dryRun)
                    .text("actor", actor)
                    .time("started_at", startedMs)
                    .time("finished_at", finishedMs)
                    .text("outcome", unresolved > 0 ? "unresolved" : mismatches.isEmpty() ? "agreed" : "resolved")
                    .number("orders", orders)
                    .number("executions", executions)
                    .flag("positions_compared", positions >= 0)
                    .number("found", mismatches.size())
                    .number("resolved", dryRun ? 0 : mismatches.size() - unresolved)
                    .number("unresolved", dryRun ? mismatches.size() : unresolved)
                    .objects("mismatches", told.subList(0, Math.min(told.size(), MAX_TOLD)));
        });
    }

    private static void write(JsonObjects.Fields out, Mismatch mismatch) {
        out.text("kind", mismatch.kind().text())
                .text("resolution", mismatch.rule().text())
                .text("account_id", mismatch.accountId())
                .text("subject", mismatch.subject())
                .text("ours", mismatch.ours())
                .text("theirs", mismatch.theirs());
    }
}
