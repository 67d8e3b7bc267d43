package io.tradewind.benchmarks.instance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class AdminMetricsTest {

    private static final AdminMetrics.Look LOOK = new AdminMetrics.Look("""
            # HELP lag_ms How far behind
            # TYPE lag_ms gauge
            lag_ms 12.5
            lag_ms_other 99.0
            used_bytes{area="heap",id="a"} 1.0E3
            used_bytes{area="heap",id="b"} 24.0
            used_bytes{area="nonheap",id="c"} 7.0
            """);

    @Test
    void shouldAddUpTheSeriesOfAName() {
        assertEquals(12.5, LOOK.sum("lag_ms"));
        assertEquals(1_024, LOOK.sum("used_bytes", "area=\"heap\""));
        assertEquals(1_031, LOOK.sum("used_bytes"));
        assertTrue(Double.isNaN(LOOK.sum("lag")));
    }
}
