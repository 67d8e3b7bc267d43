package io.tradewind.monitor.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.monitor.domain.MachineSample;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MachineIT {

    @Test
    void shouldReadThisMachineAndMakeRatesFromTheSecondSampleOn() throws Exception {
        Clock first = Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC);
        TickingClock clock = new TickingClock(first);
        Machine machine = new Machine(Path.of("."), clock);
        MachineSample before = machine.sample();
        assertNull(before.cpuPercent());
        assertNull(before.networkInBytesPerS());
        assertTrue(before.cpuCores() >= 1);
        assertTrue(before.memoryTotalBytes() > before.memoryAvailableBytes());
        assertTrue(before.memoryUsedPercent() > 0 && before.memoryUsedPercent() <= 100);
        assertTrue(before.diskTotalBytes() > 0 && before.diskUsedPercent() <= 100);
        assertTrue(before.processResidentBytes() > 0);
        assertTrue(before.heapUsedBytes() > 0 && before.heapMaxBytes() >= before.heapUsedBytes());
        assertTrue(before.processes() > 0 && before.threads() > 0 && before.uptimeS() > 0);

        MachineSample after = machine.sample();
        assertEquals(before.timeMs() + 1_000, after.timeMs());
        assertNotNull(after.cpuPercent());
        assertTrue(after.cpuPercent() >= 0 && after.cpuPercent() <= 100);
        assertTrue(after.networkInBytesPerS() >= 0 && after.diskWriteBytesPerS() >= 0);
        assertTrue(after.contextSwitchesPerS() >= 0);
    }

    /** Moves on by a second each time that it is asked. */
    private static final class TickingClock extends Clock {

        private Clock current;

        TickingClock(Clock start) {
            current = start;
        }

        @Override
        public ZoneOffset getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(java.time.ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            Instant now = current.instant();
            current = Clock.offset(current, Duration.ofSeconds(1));
            return now;
        }
    }
}
