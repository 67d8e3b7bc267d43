package io.tradewind.statestore.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collection;
import java.util.ConcurrentModificationException;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableMap;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Compared with a tree, which is slower and known to be right. */
class SortedChunksTest {

    private static final int STEPS = 20_000;

    private final SortedChunks<Integer> chunks = new SortedChunks<>();
    private final NavigableMap<String, Integer> tree = new TreeMap<>();

    @Test
    void shouldHoldNothingAtFirst() {
        assertSameEverywhere("b", "c");
        assertFalse(chunks.remove("a"));
        assertThrows(
                NoSuchElementException.class, () -> chunks.ascending(null, null).next());
    }

    @Test
    void shouldKeepIdsThatComeInOrder() {
        for (int i = 0; i < 5 * SortedChunks.CHUNK; i++) {
            add(id(i), i);
        }
        assertSameEverywhere(id(SortedChunks.CHUNK), id(3 * SortedChunks.CHUNK - 1));
        for (int i = 0; i < 5 * SortedChunks.CHUNK; i += 1) {
            assertTrue(chunks.remove(id(i)), id(i));
            tree.remove(id(i));
        }
        assertSameEverywhere(id(0), id(9));
    }

    @Test
    void shouldBeATreeWhateverComesAndGoes() {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (int step = 0; step < STEPS; step++) {
            // Phases that grow and phases that shrink, nearly in order and in any order.
            boolean grows = step / 2_000 % 3 != 2;
            boolean inOrder = step / 1_000 % 2 == 0;
            String id = id(inOrder ? step + random.nextInt(20) : random.nextInt(STEPS));
            if (random.nextInt(10) < (grows ? 8 : 2)) {
                if (!tree.containsKey(id)) {
                    add(id, step);
                }
            } else {
                String gone = random.nextBoolean() || tree.isEmpty() ? id : tree.firstKey();
                assertEquals(tree.remove(gone) != null, chunks.remove(gone), "seed " + seed + " id " + gone);
            }
            if (step % 500 == 0) {
                assertSameEverywhere(id(random.nextInt(STEPS)), id(random.nextInt(STEPS)));
            }
        }
    }

    @Test
    void shouldRefuseAnIdThatIsHere() {
        add("a", 1);
        add("c", 2);
        assertThrows(IllegalArgumentException.class, () -> chunks.add("a", 3));
    }

    @Test
    void shouldNotGoOnWhenSomethingCameOrWent() {
        add("a", 1);
        add("b", 2);
        Iterator<Integer> each = chunks.ascending(null, null);
        assertEquals(1, each.next());
        add("c", 3);
        assertThrows(ConcurrentModificationException.class, each::next);
    }

    private void add(String id, int value) {
        chunks.add(id, value);
        tree.put(id, value);
    }

    private void assertSameEverywhere(String one, String other) {
        assertSame(tree.values(), chunks.ascending(null, null));
        assertSame(tree.tailMap(one, false).values(), chunks.ascending(one, null));
        assertSame(tree.headMap(other, true).values(), chunks.ascending(null, other));
        if (one.compareTo(other) <= 0) {
            assertSame(tree.subMap(one, false, other, true).values(), chunks.ascending(one, other));
        }
        assertSame(tree.descendingMap().values(), chunks.descending(null));
        assertSame(tree.headMap(one, false).descendingMap().values(), chunks.descending(one));
    }

    private static void assertSame(Collection<Integer> expected, Iterator<Integer> found) {
        List<Integer> all = new ArrayList<>();
        found.forEachRemaining(all::add);
        assertEquals(List.copyOf(expected), all);
    }

    private static String id(int number) {
        return String.format("%08d", number);
    }
}
