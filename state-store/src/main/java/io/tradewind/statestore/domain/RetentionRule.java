package io.tradewind.statestore.domain;

import io.tradewind.contracts.Json;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * When entities of one domain may leave the memory. It knows documents by one field or two, and nothing of what they
 * mean.
 *
 * @param windowMs time since the last change, in milliseconds, from 0
 * @param field text field that must have one of the {@code values}; {@code null} when every entity may leave
 * @param values of that field
 * @param ownerField text field with the id of the entity that this one belongs to, under the same partition key;
 *     {@code null} when it belongs to none. It stays as long as that one is there
 * @param ownerDomain domain of that entity
 */
public record RetentionRule(
        String domain, long windowMs, String field, Set<String> values, String ownerField, String ownerDomain) {

    public RetentionRule {
        values = Set.copyOf(values);
        if (windowMs < 0) {
            throw new IllegalArgumentException("window of " + windowMs + " ms for " + domain + ": must be from 0");
        }
    }

    /** The same rule with a window that is not longer than this. */
    RetentionRule within(long maxWindowMs) {
        return windowMs <= maxWindowMs
                ? this
                : new RetentionRule(domain, maxWindowMs, field, values, ownerField, ownerDomain);
    }

    /** Whether the document is such that it may leave. */
    boolean matches(Json json) {
        if (field == null) {
            return true;
        }
        String value = JsonField.text(json.bytes(), field.getBytes(StandardCharsets.UTF_8));
        return value != null && values.contains(value);
    }

    /** Id of the entity that it belongs to, or {@code null}. */
    String ownerOf(Json json) {
        return ownerField == null ? null : JsonField.text(json.bytes(), ownerField.getBytes(StandardCharsets.UTF_8));
    }
}
