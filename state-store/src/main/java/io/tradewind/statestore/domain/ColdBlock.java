package io.tradewind.statestore.domain;

import io.tradewind.contracts.state.Entity;
import java.util.BitSet;
import java.util.List;

/**
 * Entities of one domain and partition key that have not changed for a while, sorted by id and compressed together. One
 * object and two arrays instead of eight objects per entity.
 *
 * <p>What it holds never changes and may be read on any thread. Which of them are dead, because they have changed or
 * gone since, is noted by its {@link Shelf} on the thread of the partition.
 */
final class ColdBlock {

    /** Entities in one block: enough to compress well, few enough to be unpacked for the sake of one. */
    static final int MAX_ENTITIES = 128;

    /** Documents in one block, in bytes; one more may take it over. */
    static final int MAX_DOCUMENT_BYTES = 64 * 1024;

    final String domain;
    final String partitionKey;
    final String firstId;
    final String lastId;
    final int count;
    /** When the one of them was changed that has not been for longest, milliseconds since the epoch. */
    final long oldestMs;

    private final long documentBytes;
    private final ColdDictionary dictionary;
    private final byte[] packed;
    private final int unpackedBytes;
    /** 16 bits of each id's hash: nearly every id that is not here is known not to be without unpacking. */
    private final char[] fingerprints;

    /** {@code null} as long as none is. */
    private BitSet dead;

    private int deadCount;
    private long deadBytes;

    /** @param entities in id order, from 1 to {@link #MAX_ENTITIES}, all of one domain and partition key */
    private ColdBlock(List<Entity> entities, ColdDictionary dictionary, byte[] packed, int unpackedBytes) {
        Entity first = entities.get(0);
        this.domain = first.key().domain();
        this.partitionKey = first.key().partitionKey();
        this.firstId = first.key().id();
        this.lastId = entities.get(entities.size() - 1).key().id();
        this.count = entities.size();
        this.dictionary = dictionary;
        this.packed = packed;
        this.unpackedBytes = unpackedBytes;
        this.fingerprints = new char[count];
        long oldest = Long.MAX_VALUE;
        long bytes = 0;
        for (int i = 0; i < count; i++) {
            Entity entity = entities.get(i);
            fingerprints[i] = fingerprint(entity.key().id());
            oldest = Math.min(oldest, entity.timeMs());
            bytes += entity.json().size();
        }
        this.oldestMs = oldest;
        this.documentBytes = bytes;
    }

    /** Compresses entities; see the constructor. Any thread, takes some hundred microseconds. */
    static ColdBlock pack(List<Entity> entities, ColdDictionary dictionary) {
        byte[] body = BlockFormat.write(entities);
        return new ColdBlock(entities, dictionary, BlockFormat.compress(body, dictionary), body.length);
    }

    /** Its entities, dead ones among them. Any thread, takes some ten microseconds. */
    UnpackedBlock unpack() {
        return BlockFormat.read(domain, partitionKey, count, BlockFormat.decompress(packed, unpackedBytes, dictionary));
    }

    /** Whether it may hold {@code id}; a no is certain. */
    boolean mayHold(String id) {
        char wanted = fingerprint(id);
        for (char fingerprint : fingerprints) {
            if (fingerprint == wanted) {
                return true;
            }
        }
        return false;
    }

    /** The entity at {@code index}, which is alive, is dead from now on. */
    void kill(int index, int documentBytes) {
        if (dead == null) {
            dead = new BitSet(count);
        }
        dead.set(index);
        deadCount++;
        deadBytes += documentBytes;
    }

    boolean isDead(int index) {
        return dead != null && dead.get(index);
    }

    /** Places of those that are dead now; a copy. */
    BitSet deadNow() {
        return dead == null ? new BitSet(0) : (BitSet) dead.clone();
    }

    /** Those that are not dead. */
    int live() {
        return count - deadCount;
    }

    /** Size of their documents before they were compressed. */
    long liveBytes() {
        return documentBytes - deadBytes;
    }

    /** Whether more of it is dead than alive. */
    boolean isPoor() {
        return deadCount * 2 > count;
    }

    /** What it takes of the heap, in bytes, estimated. */
    long heapBytes() {
        return HeapEstimate.block(packed.length, count, firstId.length() + lastId.length());
    }

    private static char fingerprint(String id) {
        return (char) ((id.hashCode() * 0x9E3779B9) >>> Character.SIZE);
    }
}
