package io.tradewind.statestore.domain;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.ConcurrentModificationException;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * Values in the order of their ids: short sorted arrays in a row, as the leaves of a B+ tree stand beside each other
 * (D. Comer, 1979). Nearly every new id is behind all others, because ids begin with the time; so adding one mostly is an
 * append, without a comparison all the way down a tree or an object for each entry, and going through them follows
 * arrays. Ids in any order work too, in logarithmic time and a move within one array.
 *
 * <p>Holds whatever it is given and compares ids as text. Not thread safe; an iteration ends with a
 * {@link ConcurrentModificationException} when something is added or removed meanwhile.
 */
final class SortedChunks<V> {

    /** Entries of one array. */
    static final int CHUNK = 128;

    /** A chunk with fewer joins its neighbour when both fit into one. */
    private static final int FEW = CHUNK / 4;

    private static final class Chunk {
        private final String[] ids = new String[CHUNK];
        private final Object[] values = new Object[CHUNK];
        private int size;

        String first() {
            return ids[0];
        }

        String last() {
            return ids[size - 1];
        }

        int find(String id) {
            return Arrays.binarySearch(ids, 0, size, id);
        }

        void insert(int at, String id, Object value) {
            System.arraycopy(ids, at, ids, at + 1, size - at);
            System.arraycopy(values, at, values, at + 1, size - at);
            ids[at] = id;
            values[at] = value;
            size++;
        }

        void remove(int at) {
            size--;
            System.arraycopy(ids, at + 1, ids, at, size - at);
            System.arraycopy(values, at + 1, values, at, size - at);
            ids[size] = null;
            values[size] = null;
        }

        /** Moves everything from {@code at} on to the end of another one. */
        void moveTo(Chunk other, int at) {
            int moved = size - at;
            System.arraycopy(ids, at, other.ids, other.size, moved);
            System.arraycopy(values, at, other.values, other.size, moved);
            Arrays.fill(ids, at, size, null);
            Arrays.fill(values, at, size, null);
            other.size += moved;
            size = at;
        }
    }

    /** None of them is empty. */
    private final List<Chunk> chunks = new ArrayList<>();

    private int changes;

    /** @param id one that is not here */
    void add(String id, V value) {
        changes++;
        Chunk last = chunks.isEmpty() ? null : chunks.get(chunks.size() - 1);
        if (last == null || id.compareTo(last.last()) > 0) {
            if (last == null || last.size == CHUNK) {
                last = new Chunk();
                chunks.add(last);
            }
            last.insert(last.size, id, value);
            return;
        }
        int index = chunkOf(id);
        Chunk chunk = chunks.get(index);
        if (chunk.size == CHUNK) {
            Chunk upper = new Chunk();
            chunk.moveTo(upper, CHUNK / 2);
            chunks.add(index + 1, upper);
            chunk = id.compareTo(upper.first()) < 0 ? chunk : upper;
        }
        int at = chunk.find(id);
        if (at >= 0) {
            throw new IllegalArgumentException("id '" + id + "' is here already");
        }
        chunk.insert(-at - 1, id, value);
    }

    /** @return whether it was here */
    boolean remove(String id) {
        int index = chunks.isEmpty() ? 0 : chunkOf(id);
        int at = chunks.isEmpty() ? -1 : chunks.get(index).find(id);
        if (at < 0) {
            return false;
        }
        changes++;
        Chunk chunk = chunks.get(index);
        chunk.remove(at);
        if (chunk.size == 0) {
            chunks.remove(index);
        } else if (chunk.size < FEW && index + 1 < chunks.size() && chunk.size + chunks.get(index + 1).size <= CHUNK) {
            chunks.remove(index + 1).moveTo(chunk, 0);
        }
        return true;
    }

    /**
     * @param afterId only behind this one; {@code null} for all
     * @param untilId only up to this one, itself included; {@code null} for all
     */
    Iterator<V> ascending(String afterId, String untilId) {
        Forward each = new Forward(untilId);
        if (afterId != null && !chunks.isEmpty()) {
            each.chunk = chunkOf(afterId);
            int at = chunks.get(each.chunk).find(afterId);
            each.at = at >= 0 ? at + 1 : -at - 1;
        }
        return each;
    }

    /** @param beforeId only before this one; {@code null} for all */
    Iterator<V> descending(String beforeId) {
        Backward each = new Backward();
        each.chunk = chunks.size() - 1;
        if (beforeId != null && !chunks.isEmpty()) {
            each.chunk = chunkOf(beforeId);
            int at = chunks.get(each.chunk).find(beforeId);
            each.at = (at >= 0 ? at : -at - 1) - 1;
        } else {
            each.at = chunks.isEmpty() ? -1 : chunks.get(each.chunk).size - 1;
        }
        return each;
    }

    /** The last chunk that begins at or before an id, or the first one; there must be one. */
    private int chunkOf(String id) {
        int low = 0;
        int high = chunks.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (chunks.get(middle).first().compareTo(id) <= 0) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    private abstract class Walk implements Iterator<V> {
        private final int expected = changes;
        int chunk;
        int at;

        @SuppressWarnings("unchecked") // Only values are put there.
        V value() {
            if (changes != expected) {
                throw new ConcurrentModificationException("an id was added or removed meanwhile");
            }
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            return (V) chunks.get(chunk).values[at];
        }
    }

    private final class Forward extends Walk {
        private final String untilId;

        Forward(String untilId) {
            this.untilId = untilId;
        }

        @Override
        public boolean hasNext() {
            while (chunk < chunks.size() && at >= chunks.get(chunk).size) {
                chunk++;
                at = 0;
            }
            return chunk < chunks.size()
                    && (untilId == null || chunks.get(chunk).ids[at].compareTo(untilId) <= 0);
        }

        @Override
        public V next() {
            V value = value();
            at++;
            return value;
        }
    }

    private final class Backward extends Walk {

        @Override
        public boolean hasNext() {
            while (at < 0 && chunk > 0) {
                chunk--;
                at = chunks.get(chunk).size - 1;
            }
            return at >= 0;
        }

        @Override
        public V next() {
            V value = value();
            at--;
            return value;
        }
    }
}
