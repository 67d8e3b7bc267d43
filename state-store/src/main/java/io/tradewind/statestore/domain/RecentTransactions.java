package io.tradewind.statestore.domain;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Which transaction ids made which versions, so that a retry returns the first answer. Holds the latest
 * {@link #CAPACITY}; a retry comes within seconds, and these reach back much further. Part of every snapshot, rebuilt by
 * replay behind it.
 *
 * <p>A ring in version order, and an index into it by hash: open addressing with linear probing, where a place that
 * becomes free is filled from behind, so that nothing is ever searched past a hole (Knuth, The Art of Computer
 * Programming 3, 6.4, algorithm R). Every transaction comes and goes here once; objects made for each would live just long
 * enough to be copied by every collection and then die old.
 */
final class RecentTransactions {

    /** Transaction ids remembered per partition. */
    static final int CAPACITY = 65_536;

    private static final int INITIAL = 1_024;
    /** Places of the index per slot of the ring. */
    private static final int SPARSE = 2;

    private static final long NONE = -1;

    /** {@code size} slots that end before {@code next}. Grows up to the capacity; the length is a power of two. */
    private String[] ids = new String[INITIAL];

    private long[] versions = new long[INITIAL];
    /** Of the ids, mixed: nearly every look past another id ends here, without a look at the text itself. */
    private int[] hashes = new int[INITIAL];

    private int next;
    private int size;
    /** Per place 0 or a slot of the ring plus one. */
    private int[] index = new int[SPARSE * INITIAL];

    /** @return the version that the transaction made, or -1 when it is not known */
    long versionOf(String id) {
        int slot = index[place(id, hash(id))];
        return slot == 0 ? NONE : versions[slot - 1];
    }

    /**
     * @param id if it is remembered already, then with this version from now on
     * @param version higher than any remembered before
     */
    void remember(String id, long version) {
        if (size == ids.length && size < CAPACITY) {
            grow();
        }
        if (size == ids.length) {
            vacate(next);
        } else {
            size++;
        }
        ids[next] = id;
        versions[next] = version;
        hashes[next] = hash(id);
        index[place(id, hashes[next])] = next + 1;
        next = next + 1 & ids.length - 1;
    }

    /** Lets go of all that made versions above {@code version}. */
    void forgetAbove(long version) {
        while (size > 0) {
            int last = next - 1 & ids.length - 1;
            if (versions[last] <= version) {
                return;
            }
            vacate(last);
            ids[last] = null;
            next = last;
            size--;
        }
    }

    /** Those up to {@code version}, as they are now; costs two copies of an array. */
    Copy copyUpTo(long version) {
        return new Copy(ids.clone(), versions.clone(), next, size, version);
    }

    /** Where in the index the id is, or the free place where it would be. */
    private int place(String id, int hash) {
        int place = hash & index.length - 1;
        while (index[place] != 0) {
            int slot = index[place] - 1;
            if (hashes[slot] == hash && ids[slot].equals(id)) {
                break;
            }
            place = place + 1 & index.length - 1;
        }
        return place;
    }

    private static int hash(String id) {
        // Ids that differ in their last characters only have hashes that follow each other.
        int hash = id.hashCode() * 0x9E3779B9;
        return hash ^ hash >>> 16;
    }

    /** Takes a slot out of the index and moves up whoever would not be found past its place any more. */
    private void vacate(int slot) {
        int free = hashes[slot] & index.length - 1;
        while (index[free] != slot + 1) {
            if (index[free] == 0) {
                return; // a younger one of the same id has taken its place over
            }
            free = free + 1 & index.length - 1;
        }
        int place = free;
        while (true) {
            index[free] = 0;
            int home;
            do {
                place = place + 1 & index.length - 1;
                if (index[place] == 0) {
                    return;
                }
                home = hashes[index[place] - 1] & index.length - 1;
            } while (isBetween(free, home, place));
            index[free] = index[place];
            free = place;
        }
    }

    /** Whether {@code home} lies behind {@code free} and not behind {@code place}, going round. */
    private static boolean isBetween(int free, int home, int place) {
        return free <= place ? free < home && home <= place : free < home || home <= place;
    }

    private void grow() {
        Copy all = copyUpTo(Long.MAX_VALUE);
        int length = Math.min(CAPACITY, ids.length * 2);
        ids = Arrays.copyOf(all.ids().toArray(String[]::new), length);
        versions = Arrays.copyOf(all.versions(), length);
        next = size;
        hashes = new int[length];
        index = new int[SPARSE * length];
        for (int slot = 0; slot < size; slot++) {
            hashes[slot] = hash(ids[slot]);
            index[place(ids[slot], hashes[slot])] = slot + 1;
        }
    }

    /** Remembered transactions at one moment. Immutable; unrolled by whoever reads it, on any thread. */
    public static final class Copy {

        private final String[] ring;
        private final long[] ringVersions;
        private final int first;
        private int count;

        private Copy(String[] ring, long[] ringVersions, int next, int size, long upTo) {
            this.ring = ring;
            this.ringVersions = ringVersions;
            this.first = Math.floorMod(next - size, ring.length);
            this.count = size;
            while (count > 0 && ringVersions[slot(count - 1)] > upTo) {
                count--;
            }
        }

        private int slot(int index) {
            return (first + index) % ring.length;
        }

        /** Oldest first. */
        List<String> ids() {
            List<String> found = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                found.add(ring[slot(i)]);
            }
            return found;
        }

        /** The versions of {@link #ids}, in the same order. */
        long[] versions() {
            long[] found = new long[count];
            for (int i = 0; i < count; i++) {
                found[i] = ringVersions[slot(i)];
            }
            return found;
        }
    }
}
