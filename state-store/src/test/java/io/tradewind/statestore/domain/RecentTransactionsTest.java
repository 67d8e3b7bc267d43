package io.tradewind.statestore.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RecentTransactionsTest {

    private static final int STEPS = 300_000;
    private static final int LOOKS = 20;

    /** Ids of two kinds: such as are made, and such that many have the same hash. */
    private static String id(Random random, long version) {
        if (random.nextInt(500) > 0) {
            return "relaxed-7-" + version;
        }
        StringBuilder colliding = new StringBuilder("x");
        for (long rest = version; rest > 0; rest >>= 1) {
            colliding.append((rest & 1) == 0 ? "Aa" : "BB"); // the same hash: JLS, String.hashCode
        }
        return colliding.toString();
    }

    @Test
    void shouldKnowTheLatestAndNoOthersWhateverComesAndGoes() {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        RecentTransactions recent = new RecentTransactions();
        NavigableMap<Long, String> model = new TreeMap<>();
        List<String> gone = new ArrayList<>();
        long version = 0;
        for (int step = 0; step < STEPS; step++) {
            if (random.nextInt(5_000) == 0) {
                long kept = Math.max(0, version - random.nextInt(300));
                recent.forgetAbove(kept);
                gone.addAll(model.tailMap(kept, false).values());
                model.tailMap(kept, false).clear();
                // Versions of what is let go are given anew, to other transactions.
                version = kept;
                gone.removeIf(id -> gone.size() > 1_000);
            }
            version++;
            String id = id(random, version * 1_000_003 + step);
            recent.remember(id, version);
            model.put(version, id);
            if (model.size() > RecentTransactions.CAPACITY) {
                gone.add(model.pollFirstEntry().getValue());
            }
            if (step % 1_000 == 0) {
                compare(recent, model, gone, random, seed);
            }
        }
        RecentTransactions.Copy copy = recent.copyUpTo(version - 5);
        assertEquals(List.copyOf(model.headMap(version - 5, true).values()), copy.ids());
    }

    @Test
    void shouldGiveTheLaterAnswerForAnIdThatIsThereTwice() {
        RecentTransactions recent = new RecentTransactions();
        recent.remember("twice", 1);
        recent.remember("other", 2);
        recent.remember("twice", 3);
        for (long version = 4; version <= RecentTransactions.CAPACITY + 2; version++) {
            recent.remember("id-" + version, version);
        }

        assertEquals(3, recent.versionOf("twice"));
        assertEquals(-1, recent.versionOf("other"));

        recent.remember("one more", RecentTransactions.CAPACITY + 3);
        assertEquals(-1, recent.versionOf("twice"));
    }

    private static void compare(
            RecentTransactions recent, NavigableMap<Long, String> model, List<String> gone, Random random, long seed) {
        for (int look = 0; look < LOOKS; look++) {
            long first = model.firstKey();
            long version = first + (long) (random.nextDouble() * (model.lastKey() - first + 1));
            assertEquals(version, recent.versionOf(model.get(version)), "seed " + seed);
        }
        for (int look = 0; look < LOOKS && !gone.isEmpty(); look++) {
            assertEquals(-1, recent.versionOf(gone.get(random.nextInt(gone.size()))), "seed " + seed);
        }
    }
}
