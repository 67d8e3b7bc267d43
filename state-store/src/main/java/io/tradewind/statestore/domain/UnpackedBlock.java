package io.tradewind.statestore.domain;

import io.tradewind.contracts.Json;
import io.tradewind.contracts.state.Entity;
import io.tradewind.contracts.state.EntityKey;
import java.util.Arrays;

/** A {@link ColdBlock} decompressed, its entities made when they are asked for. Immutable. */
final class UnpackedBlock {

    private final String domain;
    private final String partitionKey;
    private final String[] ids;
    private final long[] versions;
    private final long[] timesMs;
    /** Where each document begins in the body, and where the last one ends. */
    private final int[] offsets;

    private final byte[] body;

    UnpackedBlock(
            String domain,
            String partitionKey,
            String[] ids,
            long[] versions,
            long[] timesMs,
            int[] offsets,
            byte[] body) {
        this.domain = domain;
        this.partitionKey = partitionKey;
        this.ids = ids;
        this.versions = versions;
        this.timesMs = timesMs;
        this.offsets = offsets;
        this.body = body;
    }

    int count() {
        return ids.length;
    }

    /** Its place, or a negative number when it is not there. */
    int indexOf(String id) {
        return Arrays.binarySearch(ids, id);
    }

    String id(int index) {
        return ids[index];
    }

    long version(int index) {
        return versions[index];
    }

    long timeMs(int index) {
        return timesMs[index];
    }

    Entity entity(int index) {
        byte[] document = Arrays.copyOfRange(body, offsets[index], offsets[index + 1]);
        return new Entity(
                new EntityKey(domain, partitionKey, ids[index]),
                versions[index],
                timesMs[index],
                Json.ofBytes(document));
    }
}
