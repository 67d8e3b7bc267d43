package io.tradewind.benchmarks.instance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.benchmarks.BenchException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

class FullCollectionTest {

    @Test
    void shouldHaveBeenDoneWhenItReturns() {
        long before = collections();
        new FullCollection(ProcessHandle.current().pid()).run();
        assertTrue(collections() > before, before + " collections");
    }

    @Test
    void shouldSayThatThereIsNoSuchProcess() {
        BenchException failure = assertThrows(BenchException.class, () -> new FullCollection(Integer.MAX_VALUE).run());
        assertEquals(BenchException.FAILED, failure.exitCode());
    }

    private static long collections() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionCount)
                .sum();
    }
}
