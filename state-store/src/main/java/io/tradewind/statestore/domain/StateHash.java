package io.tradewind.statestore.domain;

import io.tradewind.contracts.state.Entity;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * A fingerprint of a partition's entities at one version: the sum of the SHA-256 of each, cut to 64 bits. A sum, so that
 * the order in which they are met does not matter; equal states have equal fingerprints, and of different ones not two
 * in 2^64. Not thread safe.
 */
public final class StateHash {

    private final MessageDigest digest = sha256();
    private long sum;
    private long entities;

    public void add(Entity entity) {
        add(entity.key().domain());
        add(entity.key().partitionKey());
        add(entity.key().id());
        digest.update(ByteBuffer.allocate(Long.BYTES * 2)
                .putLong(entity.version())
                .putLong(entity.timeMs())
                .flip());
        digest.update(entity.json().bytes());
        sum += ByteBuffer.wrap(digest.digest()).getLong();
        entities++;
    }

    /** The fingerprint of what was added. */
    public long value() {
        return sum;
    }

    /** How many entities were added. */
    public long entities() {
        return entities;
    }

    private void add(String text) {
        digest.update(text.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
