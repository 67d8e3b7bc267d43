package io.tradewind.gateway.domain;

import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/** Keys for tests. */
public final class TestKeys {

    public static final String ID = "TWTEST";
    public static final String SECRET = "test-secret-0123456789";
    public static final String ACCOUNT = "acct-1";

    private TestKeys() {}

    static ApiKey key() {
        return new ApiKey(ID, sha256(SECRET), ACCOUNT, EnumSet.allOf(Scope.class));
    }

    static KeyRing ring() {
        return KeyRing.of(List.of(key()));
    }

    public static String sha256(String secret) {
        return HexFormat.of().formatHex(Hashes.sha256(secret));
    }

    /** The entry of a keys file. */
    public static String entry(String id, String secret, String account, Set<String> scopes) {
        return "{\"key_id\":\"" + id + "\",\"secret_sha256\":\"" + sha256(secret) + "\",\"account\":\"" + account
                + "\",\"scopes\":[\"" + String.join("\",\"", scopes) + "\"]}";
    }
}
