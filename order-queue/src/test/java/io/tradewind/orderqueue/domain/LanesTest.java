package io.tradewind.orderqueue.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.contracts.orders.Priority;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LanesTest {

    private static final Map<Priority, Integer> WEIGHTS = Map.of(Priority.HIGH, 8, Priority.NORMAL, 3, Priority.LOW, 1);

    private final Lanes lanes = new Lanes();

    @Test
    void shouldBeEmptyAtFirst() {
        assertNull(lanes.take());
        assertEquals(0, lanes.size());
    }

    @Test
    void shouldTakeCriticalBeforeAllOthers() {
        lanes.add(Priority.LOW, "low");
        lanes.add(Priority.HIGH, "high");
        lanes.add(Priority.CRITICAL, "critical-1");
        lanes.add(Priority.CRITICAL, "critical-2");
        assertEquals("critical-1", lanes.take());
        assertEquals("critical-2", lanes.take());
        assertEquals("high", lanes.take());
        lanes.add(Priority.CRITICAL, "critical-3");
        assertEquals("critical-3", lanes.take());
        assertEquals("low", lanes.take());
        assertNull(lanes.take());
    }

    @Test
    void shouldShareByWeight() {
        for (int i = 0; i < 100; i++) {
            for (Priority priority : WEIGHTS.keySet()) {
                lanes.add(priority, priority + "-" + i);
            }
        }
        for (int cycle = 0; cycle < 5; cycle++) {
            assertEquals(WEIGHTS, takeCycle());
        }
    }

    @Test
    void shouldNotLetALaneWaitThatHasSpentItsTurnsWhileTheOthersWereEmpty() {
        for (int i = 0; i < 30; i++) {
            lanes.add(Priority.LOW, "LOW-" + i);
        }
        for (int i = 0; i < 10; i++) {
            lanes.take();
        }
        for (int i = 0; i < 30; i++) {
            lanes.add(Priority.HIGH, "HIGH-" + i);
            lanes.add(Priority.NORMAL, "NORMAL-" + i);
        }
        assertEquals(WEIGHTS, takeCycle());
    }

    @Test
    void shouldCountDepthPerLane() {
        lanes.add(Priority.HIGH, "a");
        lanes.add(Priority.HIGH, "b");
        lanes.add(Priority.LOW, "c");
        assertEquals(2, lanes.depth(Priority.HIGH));
        assertEquals(1, lanes.depth(Priority.LOW));
        assertEquals(0, lanes.depth(Priority.NORMAL));
        assertEquals(3, lanes.size());
        lanes.take();
        assertEquals(2, lanes.size());
    }

    @Test
    void shouldFreeAPlaceAndKeepTheOrderOfTheRest() {
        for (String id : List.of("a", "b", "c")) {
            lanes.add(Priority.NORMAL, id);
        }
        lanes.add(Priority.NORMAL, "c");
        lanes.remove(Priority.NORMAL, "b");
        lanes.remove(Priority.NORMAL, "b");
        lanes.remove(Priority.LOW, "a");
        assertEquals(2, lanes.size());
        assertEquals("a", lanes.oldest(Priority.NORMAL));
        assertEquals("a", lanes.take());
        assertEquals("c", lanes.take());
        assertNull(lanes.oldest(Priority.NORMAL));
    }

    @Test
    void shouldGuaranteeTheSharesThatItsTurnsGive() {
        WEIGHTS.forEach((lane, weight) -> assertEquals((double) weight / Lanes.CYCLE, Lanes.guaranteedShare(lane)));
        assertEquals(1, Lanes.guaranteedShare(Priority.CRITICAL));
    }

    /** The bound in words: a lane that has orders during CYCLE takes that are not critical gets its weight of them. */
    @Test
    void shouldKeepTheStarvationBoundAndTheOrderWithinALaneUnderAnyLoad() {
        for (long seed = 1; seed <= 200; seed++) {
            runRandomly(seed);
        }
    }

    private static void runRandomly(long seed) {
        Random random = new Random(seed);
        Lanes lanes = new Lanes();
        Map<Priority, Deque<String>> expected = new EnumMap<>(Priority.class);
        Map<Priority, List<Priority>> takenSinceEmpty = new EnumMap<>(Priority.class);
        for (Priority priority : Priority.values()) {
            expected.put(priority, new ArrayDeque<>());
            takenSinceEmpty.put(priority, new ArrayList<>());
        }
        for (int i = 0; i < 2_000; i++) {
            if (random.nextInt(100) < 50) {
                Priority priority = List.of(Priority.values()).get(random.nextInt(4));
                int burst = 1 + random.nextInt(20);
                for (int j = 0; j < burst && expected.get(priority).size() < 60; j++) {
                    String id = priority + "-" + i + "-" + j;
                    lanes.add(priority, id);
                    expected.get(priority).addLast(id);
                }
                continue;
            }
            String taken = lanes.take();
            if (taken == null) {
                assertTrue(expected.values().stream().allMatch(Deque::isEmpty), "seed " + seed);
                continue;
            }
            Priority lane = Priority.valueOf(taken.substring(0, taken.indexOf('-')));
            assertEquals(expected.get(lane).peekFirst(), taken, "first in, first out, seed " + seed);
            if (lane == Priority.CRITICAL) {
                expected.get(lane).removeFirst();
                continue;
            }
            assertTrue(expected.get(Priority.CRITICAL).isEmpty(), "critical first, seed " + seed);
            note(seed, lane, expected, takenSinceEmpty);
            expected.get(lane).removeFirst();
        }
    }

    private static void note(
            long seed,
            Priority taken,
            Map<Priority, Deque<String>> queued,
            Map<Priority, List<Priority>> takenSinceEmpty) {
        for (Map.Entry<Priority, Integer> weight : WEIGHTS.entrySet()) {
            List<Priority> window = takenSinceEmpty.get(weight.getKey());
            if (queued.get(weight.getKey()).isEmpty()) {
                window.clear();
                continue;
            }
            window.add(taken);
            if (window.size() > Lanes.CYCLE) {
                window.remove(0);
            }
            long own = window.stream().filter(lane -> lane == weight.getKey()).count();
            assertTrue(
                    window.size() < Lanes.CYCLE || own >= weight.getValue(),
                    "seed " + seed + ": " + weight.getKey() + " had only " + own + " of " + window);
        }
    }

    private Map<Priority, Integer> takeCycle() {
        Map<Priority, Integer> taken = new EnumMap<>(Priority.class);
        for (int i = 0; i < Lanes.CYCLE; i++) {
            String id = lanes.take();
            taken.merge(Priority.valueOf(id.substring(0, id.indexOf('-'))), 1, Integer::sum);
        }
        return taken;
    }
}
