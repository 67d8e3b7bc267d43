package io.tradewind.gateway.domain;

import io.tradewind.contracts.orders.AccountIds;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Set;

/** A key that lets somebody in: its id, the SHA-256 of its secret, the one account it acts for. Immutable. */
public final class ApiKey {

    /** Bytes of a SHA-256. */
    static final int HASH_BYTES = 32;

    private final String keyId;
    private final byte[] secretHash;
    private final String account;
    private final Set<Scope> scopes;

    /**
     * @param secretSha256 SHA-256 of the secret, in hex
     * @throws IllegalArgumentException when that is no SHA-256
     */
    public ApiKey(String keyId, String secretSha256, String account, Set<Scope> scopes) {
        this.keyId = Objects.requireNonNull(keyId, "keyId");
        this.secretHash = hash(keyId, secretSha256);
        this.account = AccountIds.check(account);
        this.scopes = Set.copyOf(scopes);
    }

    static byte[] hash(String keyId, String secretSha256) {
        byte[] hash;
        try {
            hash = HexFormat.of().parseHex(secretSha256);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("secret_sha256 of key " + keyId + " is not hex", e);
        }
        if (hash.length != HASH_BYTES) {
            throw new IllegalArgumentException("secret_sha256 of key " + keyId + " has " + hash.length
                    + " bytes: must be the " + HASH_BYTES + " bytes of a SHA-256");
        }
        return hash;
    }

    public String keyId() {
        return keyId;
    }

    /** The hash itself, not a copy; read only. */
    byte[] secretHash() {
        return secretHash;
    }

    public String account() {
        return account;
    }

    public Set<Scope> scopes() {
        return scopes;
    }

    public boolean may(Scope scope) {
        return scopes.contains(scope);
    }

    // The hash is the key of session cookies: it has no business in a log.
    @Override
    public String toString() {
        return "ApiKey[" + keyId + ", account=" + account + ", scopes=" + scopes + "]";
    }
}
