package io.tradewind.statestore.snapshot;

/**
 * Names one snapshot in its store.
 *
 * @param name of the file or row, unique in the store
 * @param bytes its size as stored
 */
public record SnapshotId(int partition, long version, String name, long bytes) {}
