package io.tradewind.statestore.domain;

import io.tradewind.contracts.state.Entity;

/**
 * What things take of the heap of a 64-bit JVM with compressed references, in bytes, without asking it: header 12 bytes,
 * reference 4, objects in multiples of 8. A benchmark compares it with what a collection really leaves.
 */
final class HeapEstimate {

    private static final int ARRAY_HEADER = 16;
    private static final int STRING = 24;
    private static final int TREE_ENTRY = 40;
    /** With its share of a table that is three quarters full when it doubles. */
    private static final int HASH_ENTRY = 40;
    /** What both kinds of entry of an unpacked entity point to. */
    private static final int PLACE = 16;

    private static final int ENTITY = 40;
    private static final int ENTITY_KEY = 24;
    private static final int JSON = 16;
    private static final int BLOCK = 80;
    private static final int SHELF = 240;

    private HeapEstimate() {}

    /** An entity held unpacked, with its place in the table. */
    static long hot(Entity entity) {
        return TREE_ENTRY
                + HASH_ENTRY
                + PLACE
                + ENTITY
                + ENTITY_KEY
                + text(entity.key().id().length())
                + JSON
                + array(entity.json().size());
    }

    /** A block of compressed entities, with its place in the table. */
    static long block(int packedBytes, int count, int idChars) {
        return TREE_ENTRY + BLOCK + 2L * text(idChars / 2) + array(packedBytes) + array(count * Character.BYTES);
    }

    /** What a partition key costs on its own. */
    static long shelf(String partitionKey) {
        return SHELF + text(partitionKey.length());
    }

    private static long text(int chars) {
        return STRING + array(chars);
    }

    private static long array(int bytes) {
        return (ARRAY_HEADER + bytes + 7L) & ~7L;
    }
}
