package io.tradewind.benchmarks;

import io.tradewind.benchmarks.instance.AdminMetrics;
import io.tradewind.benchmarks.report.HeapFigures;
import io.tradewind.benchmarks.report.HeapFigures.Stay;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Gathers what stays in the heap, third by third of the measured part. The JVM says what was in the old generation after
 * the last collection that went through it; with G1 that is a mixed or a full one. A mixed one leaves garbage as well,
 * some more than others, so that the least of a third comes closest to what is in use. A full one leaves none: when those
 * are asked for, they alone count. Used on one thread.
 */
final class HeapParts {

    static final int PARTS = 3;

    private static final String USED = "jvm_memory_used_bytes";
    private static final String HEAP = "area=\"heap\"";

    private static final String LEFT = "tradewind_heap_left_bytes";

    private final long partMs;
    private final boolean full;
    private final Stay[] least = new Stay[PARTS];
    private final List<Stay> afterFull = new ArrayList<>();
    private long lastLeft = -1;
    private long mostUsed;

    /**
     * @param seconds of the measured part
     * @param full whether collections in full are asked for, and nothing else counts
     */
    HeapParts(int seconds, boolean full) {
        this.partMs = TimeUnit.SECONDS.toMillis(seconds) / PARTS;
        this.full = full;
    }

    /** @param atMs of the measured part; negative in the warm-up, of which nothing counts */
    void seen(long atMs, AdminMetrics.Look look) {
        if (atMs >= 0) {
            mostUsed = Math.max(mostUsed, bytes(look.sum(USED, HEAP)));
        }
        long left = left(look);
        boolean collected = lastLeft >= 0 && left != lastLeft;
        lastLeft = left;
        if (collected && atMs >= 0 && !full) {
            int part = (int) Math.min(PARTS - 1, atMs / partMs);
            Stay before = least[part];
            int collections = before == null ? 1 : before.collections() + 1;
            least[part] = before == null || left < before.bytes()
                    ? new Stay(atMs, left, collections)
                    : new Stay(before.atMs(), before.bytes(), collections);
        }
    }

    /** A look right after a collection in full. */
    void seenAfterFull(long atMs, AdminMetrics.Look look) {
        afterFull.add(new Stay(Math.max(0, atMs), left(look), 1));
    }

    HeapFigures figures() {
        List<Stay> stays =
                full ? afterFull : Stream.of(least).filter(Objects::nonNull).toList();
        return new HeapFigures(mostUsed, full, stays);
    }

    /** 0 when there was no such collection yet. */
    private static long left(AdminMetrics.Look look) {
        return bytes(look.sum(LEFT));
    }

    private static long bytes(double value) {
        return Double.isNaN(value) ? 0 : Math.round(value);
    }
}
