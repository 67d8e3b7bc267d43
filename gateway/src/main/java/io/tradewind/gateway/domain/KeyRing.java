package io.tradewind.gateway.domain;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The keys that are let in. Immutable, any thread.
 *
 * <p>The keys file is a JSON array of {@code {"key_id", "secret_sha256" (hex), "account", "scopes": ["trade", "read",
 * "admin"]}}: whoever reads it learns no secret.
 */
public final class KeyRing {

    private static final JsonFactory FACTORY = new JsonFactory();
    private static final int MAX_KEY_ID = 128;

    /** Compared with when a key id is unknown, so that the answer takes as long as for a wrong secret. */
    private static final byte[] NOBODY = new byte[ApiKey.HASH_BYTES];

    private final Map<String, ApiKey> byId;

    private KeyRing(Map<String, ApiKey> byId) {
        this.byId = byId;
    }

    public static KeyRing of(Collection<ApiKey> keys) {
        Map<String, ApiKey> byId = new LinkedHashMap<>();
        for (ApiKey key : keys) {
            if (byId.put(key.keyId(), key) != null) {
                throw new IllegalArgumentException("key_id " + key.keyId() + " appears twice: key ids must be unique");
            }
        }
        return new KeyRing(byId);
    }

    /** @throws IllegalArgumentException that says what is wrong with the file's content */
    public static KeyRing parse(byte[] json) {
        List<ApiKey> keys = new ArrayList<>();
        try (JsonParser in = FACTORY.createParser(json)) {
            expect(in.nextToken() == JsonToken.START_ARRAY, "must be a JSON array of keys");
            while (in.nextToken() != JsonToken.END_ARRAY) {
                expect(in.currentToken() == JsonToken.START_OBJECT, "each key must be a JSON object");
                keys.add(key(in));
            }
            expect(in.nextToken() == null, "nothing may follow the array");
        } catch (IOException e) {
            throw new IllegalArgumentException("is not valid JSON", e);
        }
        return of(keys);
    }

    /** @return the key, or {@code null} when there is none or the secret is another */
    public ApiKey authenticate(String keyId, String secret) {
        ApiKey key = byId.get(keyId);
        boolean right = Hashes.equal(key == null ? NOBODY : key.secretHash(), Hashes.sha256(secret));
        return right ? key : null;
    }

    /** @return the key of that id, or {@code null} */
    public ApiKey find(String keyId) {
        return byId.get(keyId);
    }

    public int size() {
        return byId.size();
    }

    private static ApiKey key(JsonParser in) throws IOException {
        String keyId = null;
        String hash = null;
        String account = null;
        Set<Scope> scopes = EnumSet.noneOf(Scope.class);
        while (in.nextToken() == JsonToken.FIELD_NAME) {
            String name = in.currentName();
            JsonToken value = in.nextToken();
            switch (name) {
                case "key_id" -> keyId = in.getValueAsString();
                case "secret_sha256" -> hash = in.getValueAsString();
                case "account" -> account = in.getValueAsString();
                case "scopes" -> {
                    expect(value == JsonToken.START_ARRAY, "scopes must be an array");
                    while (in.nextToken() != JsonToken.END_ARRAY) {
                        Scope scope = Scope.parse(in.getValueAsString());
                        expect(scope != null, "scope '" + in.getValueAsString() + "' must be trade, read or admin");
                        scopes.add(scope);
                    }
                }
                default -> in.skipChildren();
            }
        }
        expect(
                keyId != null && !keyId.isEmpty() && keyId.length() <= MAX_KEY_ID,
                "key_id must have 1 to 128 characters");
        expect(keyId.chars().allMatch(KeyRing::isPlain), "key_id " + keyId + " may have letters, digits, _ and - only");
        expect(hash != null, "key " + keyId + " has no secret_sha256");
        expect(account != null && !account.isEmpty(), "key " + keyId + " has no account");
        return new ApiKey(keyId, hash, account, scopes);
    }

    // Key ids stand in cookies, tickets and links.
    private static boolean isPlain(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    }

    private static void expect(boolean holds, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(rule);
        }
    }
}
