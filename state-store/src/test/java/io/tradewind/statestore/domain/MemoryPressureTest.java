package io.tradewind.statestore.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class MemoryPressureTest {

    private static final long MIB = 1 << 20;

    private final MemoryPressure pressure = new MemoryPressure(100 * MIB, 0.6, 0.75, 0.9);

    @Test
    void shouldRiseAtOnceToTheLevelOfTheUsage() {
        assertEquals(MemoryLevel.NORMAL, pressure.update(0));
        assertEquals(MemoryLevel.NORMAL, pressure.update(60 * MIB - 1));
        assertEquals(MemoryLevel.COMPRESS, pressure.update(60 * MIB));
        assertEquals(MemoryLevel.EVICT, pressure.update(75 * MIB));
        assertEquals(MemoryLevel.REFUSE, pressure.update(90 * MIB));
        assertEquals(MemoryLevel.NORMAL, pressure.update(0));
        assertEquals(MemoryLevel.REFUSE, pressure.update(500 * MIB));
    }

    @Test
    void shouldNotFlutterAroundAThreshold() {
        pressure.update(91 * MIB);
        assertEquals(MemoryLevel.REFUSE, pressure.update(86 * MIB));
        assertEquals(MemoryLevel.EVICT, pressure.update(84 * MIB));
        assertEquals(MemoryLevel.EVICT, pressure.update(89 * MIB));
        assertEquals(MemoryLevel.EVICT, pressure.update(71 * MIB));
        assertEquals(MemoryLevel.COMPRESS, pressure.update(69 * MIB));
        assertEquals(MemoryLevel.COMPRESS, pressure.update(74 * MIB));
        assertEquals(MemoryLevel.NORMAL, pressure.update(54 * MIB));
        assertEquals(MemoryLevel.NORMAL, pressure.update(59 * MIB));
    }

    @Test
    void shouldSayUsageAndBudgetAndWhatIsDone() {
        assertNull(pressure.sentence());
        pressure.update(61 * MIB);
        assertTrue(pressure.sentence().contains("61 MiB of its budget of 100 MiB"), pressure.sentence());
        assertNull(pressure.refusal());
        pressure.update(80 * MIB);
        assertNull(pressure.refusal(), "only the last level refuses");
        pressure.update(95 * MIB);
        assertNotNull(pressure.refusal());
        assertTrue(pressure.refusal().contains("95 MiB of its budget of 100 MiB"), pressure.refusal());
    }

    @Test
    void shouldTurnAwayThresholdsThatMakeNoSense() {
        assertThrows(IllegalArgumentException.class, () -> new MemoryPressure(0, 0.6, 0.7, 0.8));
        assertThrows(IllegalArgumentException.class, () -> new MemoryPressure(1, 0.8, 0.7, 0.9));
        assertThrows(IllegalArgumentException.class, () -> new MemoryPressure(1, Double.NaN, 0.7, 0.9));
    }
}
