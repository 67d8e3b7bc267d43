package io.tradewind.contracts.state;

import io.tradewind.contracts.Json;

/**
 * One versioned document, as stored.
 *
 * @param version the partition version of its last change, from 1
 * @param timeMs when that change was committed, milliseconds since the epoch
 */
public record Entity(EntityKey key, long version, long timeMs, Json json) {}
