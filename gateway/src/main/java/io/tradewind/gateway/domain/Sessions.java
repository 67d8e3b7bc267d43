package io.tradewind.gateway.domain;

import java.time.Duration;
import java.time.Instant;

/**
 * Makes and checks the token in a browser's session cookie:
 *
 * <pre>
 *   key id "." expiry in seconds since the epoch "." HMAC-SHA-256 over both
 * </pre>
 *
 * The HMAC is keyed by the stored hash of the key's secret, so no session is kept anywhere, every gateway accepts it, and
 * it ends with its key: a new secret ends all sessions of the old one. Pure; any thread.
 */
public final class Sessions {

    private static final String PURPOSE = "tradewind session.";

    private Sessions() {}

    public static String mint(ApiKey key, Instant now, Duration lifetime) {
        String claim = key.keyId() + "." + now.plus(lifetime).getEpochSecond();
        return claim + "." + Hashes.hmac(key.secretHash(), PURPOSE + claim);
    }

    /** @return the key that {@code token} was made for, or {@code null} when it is wrong, over, or of a key that is gone */
    public static ApiKey verify(String token, KeyRing keys, Instant now) {
        String[] parts = token.split("\\.", -1);
        if (parts.length != 3) {
            return null;
        }
        ApiKey key = keys.find(parts[0]);
        if (key == null
                || !Hashes.equal(Hashes.hmac(key.secretHash(), PURPOSE + parts[0] + "." + parts[1]), parts[2])) {
            return null;
        }
        // Only we can have written it, so it is a number.
        return Long.parseLong(parts[1]) > now.getEpochSecond() ? key : null;
    }
}
