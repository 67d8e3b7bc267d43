package io.tradewind.contracts.risk;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Command: change what orders are checked against, or just tell it.
 *
 * @param what limits of an account, or the rules of an instrument
 * @param name the account or the symbol; {@code null} for the limits that hold for every account
 * @param changes fields and their new values as text, a value of {@code null} takes one away; {@code null} only asks
 * @param whole whether fields that are not named are taken away
 * @param expectedVersion the version that the change was made from, 0 for none stored yet; {@link #ANY} for whatever is
 *     there
 * @param reason why, in words for the audit, or {@code null}
 * @param actor who wants it
 */
public record ChangeRisk(
        What what,
        String name,
        Map<String, String> changes,
        boolean whole,
        long expectedVersion,
        String reason,
        String actor,
        String correlationId) {

    /** No version is expected. */
    public static final long ANY = -1;

    /** Fields in one command. */
    public static final int MAX_CHANGES = 64;

    public enum What {
        LIMITS,
        ASSET
    }

    public ChangeRisk {
        if (expectedVersion < ANY) {
            throw new IllegalArgumentException("expected version " + expectedVersion + ": must be from " + ANY);
        }
        if (changes != null) {
            if (changes.size() > MAX_CHANGES) {
                throw new IllegalArgumentException(changes.size() + " changes: at most " + MAX_CHANGES);
            }
            // Not Map.copyOf: values may be null.
            changes = Collections.unmodifiableMap(new LinkedHashMap<>(changes));
        }
    }

    public static ChangeRisk ask(What what, String name, String actor, String correlationId) {
        return new ChangeRisk(what, name, null, false, ANY, null, actor, correlationId);
    }
}
