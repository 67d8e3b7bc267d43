package io.tradewind.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.benchmarks.instance.AdminMetrics;
import io.tradewind.benchmarks.report.HeapFigures;
import io.tradewind.benchmarks.report.HeapFigures.Stay;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeapPartsTest {

    private static final int SECONDS = 30;

    @Test
    void shouldKeepTheLeastOfEachThird() {
        HeapParts parts = new HeapParts(SECONDS, false);
        parts.seen(-1_000, look(500, 50));
        parts.seen(1_000, look(600, 80));
        parts.seen(2_000, look(700, 70));
        parts.seen(9_000, look(400, 75));
        parts.seen(29_000, look(300, 90));
        parts.seen(31_000, look(300, 85));
        HeapFigures figures = parts.figures();
        assertEquals(700, figures.mostBytes());
        assertEquals(List.of(new Stay(2_000, 70, 3), new Stay(31_000, 85, 2)), figures.stays());
    }

    @Test
    void shouldNotCountWhatWasLeftBefore() {
        HeapParts parts = new HeapParts(SECONDS, false);
        parts.seen(100, look(600, 80));
        parts.seen(200, look(600, 80));
        parts.seen(29_000, look(600, 80));
        assertTrue(parts.figures().stays().isEmpty());
        assertTrue(Double.isNaN(parts.figures().slopePerMinute()));
    }

    @Test
    void shouldCountOnlyCollectionsInFullWhenTheyAreAskedFor() {
        HeapParts parts = new HeapParts(SECONDS, true);
        parts.seenAfterFull(0, look(20, 20));
        parts.seen(5_000, look(600, 400));
        parts.seenAfterFull(10_000, look(21, 21));
        parts.seenAfterFull(30_000, look(23, 23));
        assertEquals(
                List.of(new Stay(0, 20, 1), new Stay(10_000, 21, 1), new Stay(30_000, 23, 1)),
                parts.figures().stays());
        assertEquals(6, parts.figures().slopePerMinute(), 0.001);
    }

    @Test
    void shouldSayNothingOfAnInstanceThatDoesNot() {
        HeapParts parts = new HeapParts(SECONDS, false);
        parts.seen(0, new AdminMetrics.Look(""));
        parts.seen(1_000, new AdminMetrics.Look(""));
        assertEquals(0, parts.figures().mostBytes());
        assertTrue(parts.figures().stays().isEmpty());
        assertFalse(parts.figures().full());
    }

    private static AdminMetrics.Look look(long used, long left) {
        return new AdminMetrics.Look("""
                jvm_memory_used_bytes{area="heap",id="G1 Eden Space"} 0.0
                jvm_memory_used_bytes{area="heap",id="G1 Old Gen"} %d
                jvm_memory_used_bytes{area="nonheap",id="Metaspace"} 1.0E9
                tradewind_heap_left_bytes %d
                """.formatted(used, left));
    }
}
