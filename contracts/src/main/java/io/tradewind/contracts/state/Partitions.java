package io.tradewind.contracts.state;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * Where a partition key lives. The number of partitions and the hash are part of the data format: they are fixed when
 * a data directory is created, because every log and every stored version depends on them.
 */
public final class Partitions {

    /** Partitions of a data directory. */
    public static final int COUNT = 16;

    private static final char PINNED = '#';

    private Partitions() {}

    /**
     * The partition of {@code partitionKey}: CRC-32C of its UTF-8 bytes modulo {@link #COUNT}. A key made by
     * {@link #pinnedKey} lives on the partition that it names.
     */
    public static int of(String partitionKey) {
        if (!partitionKey.isEmpty() && partitionKey.charAt(0) == PINNED) {
            return check(Integer.parseInt(partitionKey, 1, partitionKey.length(), 10));
        }
        CRC32C crc = new CRC32C();
        byte[] bytes = partitionKey.getBytes(StandardCharsets.UTF_8);
        crc.update(bytes, 0, bytes.length);
        return (int) (crc.getValue() % COUNT);
    }

    /** @throws IllegalArgumentException when the key begins like a {@link #pinnedKey} and names no partition */
    static void checkKey(String partitionKey) {
        if (!partitionKey.isEmpty() && partitionKey.charAt(0) == PINNED) {
            of(partitionKey);
        }
    }

    /** A partition key that lives on {@code partition} by name, for state that belongs to the partition itself. */
    public static String pinnedKey(int partition) {
        return PINNED + Integer.toString(check(partition));
    }

    /** @throws IllegalArgumentException unless {@code partition} is within 0 and {@link #COUNT} − 1 */
    public static int check(int partition) {
        if (partition < 0 || partition >= COUNT) {
            throw new IllegalArgumentException("partition " + partition + ": must be within 0.." + (COUNT - 1));
        }
        return partition;
    }
}
