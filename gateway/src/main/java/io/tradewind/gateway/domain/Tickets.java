package io.tradewind.gateway.domain;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Makes and checks tickets: words that let a browser in once, in a link or where it cannot send headers.
 *
 * <pre>
 *   key id "." expiry in seconds since the epoch "." nonce "." HMAC-SHA-256 over the three
 * </pre>
 *
 * The HMAC is keyed by the stored hash of the key's secret: whoever holds that hash (the gateway, the program that starts
 * it) can make one, and nothing has to be kept until it is used. That it is used only once, {@link UsedTickets} sees to.
 * Pure; any thread.
 */
public final class Tickets {

    /** How long a ticket may live at most; it ends up in browser histories. */
    public static final Duration MAX_LIFETIME = Duration.ofMinutes(10);

    /** How long one lives that an API caller asked for. */
    public static final Duration DEFAULT_LIFETIME = Duration.ofSeconds(60);

    private static final String PURPOSE = "tradewind ticket.";

    private Tickets() {}

    /** A ticket that was checked. */
    public record Ticket(ApiKey key, String nonce, Instant expiry) {}

    /**
     * A ticket for a key of the keys file.
     *
     * @param secretSha256 SHA-256 of the secret in hex, as in the keys file
     * @param lifetime at most {@link #MAX_LIFETIME}
     * @param nonce letters and digits that no other ticket has
     */
    public static String mint(String keyId, String secretSha256, InstantSource clock, Duration lifetime, String nonce) {
        return mint(keyId, ApiKey.hash(keyId, secretSha256), clock.instant(), lifetime, nonce);
    }

    static String mint(String keyId, byte[] secretHash, Instant now, Duration lifetime, String nonce) {
        if (lifetime.compareTo(MAX_LIFETIME) > 0 || lifetime.isNegative() || lifetime.isZero()) {
            throw new IllegalArgumentException(
                    "ticket lifetime " + lifetime + ": must be above 0, at most " + MAX_LIFETIME);
        }
        String claim = keyId + "." + now.plus(lifetime).getEpochSecond() + "." + nonce;
        return claim + "." + Hashes.hmac(secretHash, PURPOSE + claim);
    }

    /** As {@link #mint(String, String, InstantSource, Duration, String)}, for a key at hand. */
    public static String mint(ApiKey key, Instant now, Duration lifetime, String nonce) {
        return mint(key.keyId(), key.secretHash(), now, lifetime, nonce);
    }

    /** @return what {@code text} says, or {@code null} when it is wrong, over, or of a key that is gone */
    public static Ticket verify(String text, KeyRing keys, Instant now) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 4) {
            return null;
        }
        ApiKey key = keys.find(parts[0]);
        String claim = parts[0] + "." + parts[1] + "." + parts[2];
        if (key == null || !Hashes.equal(Hashes.hmac(key.secretHash(), PURPOSE + claim), parts[3])) {
            return null;
        }
        Instant expiry = Instant.ofEpochSecond(Long.parseLong(parts[1]));
        boolean tooLong = expiry.isAfter(now.plus(MAX_LIFETIME).plusSeconds(1));
        return expiry.isAfter(now) && !tooLong ? new Ticket(key, parts[2], expiry) : null;
    }
}
