package io.tradewind.statestore.domain;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which transaction ids made which versions, so that a retry returns the first answer. Holds the latest
 * {@link #CAPACITY}; a retry comes within seconds, and these reach back much further. Part of every snapshot, rebuilt by
 * replay behind it.
 */
final class RecentTransactions {

    /** Transaction ids remembered per partition. */
    static final int CAPACITY = 65_536;

    private static final int INITIAL = 1_024;

    private final Map<String, Long> versionById = new HashMap<>();

    /** A ring in version order: {@code size} slots that end before {@code next}. Grows up to the capacity. */
    private String[] ids = new String[INITIAL];

    private long[] versions = new long[INITIAL];
    private int next;
    private int size;

    /** @return the version that the transaction made, or {@code null} when it is not known */
    Long versionOf(String id) {
        return versionById.get(id);
    }

    /** @param version higher than any remembered before */
    void remember(String id, long version) {
        if (size == ids.length && size < CAPACITY) {
            grow();
        }
        if (size == ids.length) {
            versionById.remove(ids[next]);
        } else {
            size++;
        }
        ids[next] = id;
        versions[next] = version;
        next = next + 1 == ids.length ? 0 : next + 1;
        versionById.put(id, version);
    }

    /** Lets go of all that made versions above {@code version}. */
    void forgetAbove(long version) {
        while (size > 0) {
            int last = next == 0 ? ids.length - 1 : next - 1;
            if (versions[last] <= version) {
                return;
            }
            versionById.remove(ids[last]);
            ids[last] = null;
            next = last;
            size--;
        }
    }

    /** Those up to {@code version}, as they are now; costs two copies of an array. */
    Copy copyUpTo(long version) {
        return new Copy(ids.clone(), versions.clone(), next, size, version);
    }

    private void grow() {
        Copy all = copyUpTo(Long.MAX_VALUE);
        int length = Math.min(CAPACITY, ids.length * 2);
        ids = Arrays.copyOf(all.ids().toArray(String[]::new), length);
        versions = Arrays.copyOf(all.versions(), length);
        next = size;
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
