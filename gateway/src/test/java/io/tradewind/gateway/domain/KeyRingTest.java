package io.tradewind.gateway.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyRingTest {

    @Test
    void shouldLetInWhoHasTheSecretAndNobodyElse() {
        KeyRing keys = parse("[" + TestKeys.entry("K1", "s1", "a1", Set.of("trade")) + ","
                + TestKeys.entry("K2", "s2", "a2", Set.of("read")) + "]");

        assertEquals(2, keys.size());
        assertEquals("a1", keys.authenticate("K1", "s1").account());
        assertTrue(keys.authenticate("K1", "s1").may(Scope.TRADE));
        assertFalse(keys.authenticate("K2", "s2").may(Scope.TRADE));
        assertNull(keys.authenticate("K1", "s2"));
        assertNull(keys.authenticate("K1", ""));
        assertNull(keys.authenticate("K3", "s1"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "[1]",
                "[] []",
                "[{}]",
                "[{\"key_id\":\"k\",\"secret_sha256\":\"00\",\"account\":\"a\"}]",
                "[{\"key_id\":\"k\",\"secret_sha256\":\"zz\",\"account\":\"a\"}]",
                "[{\"key_id\":\"k.1\",\"secret_sha256\":\"00\",\"account\":\"a\"}]",
                "[{\"key_id\":\"k\",\"scopes\":[\"everything\"]}]"
            })
    void shouldRefuseAFileThatIsWrong(String json) {
        assertThrows(IllegalArgumentException.class, () -> parse(json));
    }

    @Test
    void shouldRefuseAKeyIdThatAppearsTwice() {
        String entry = TestKeys.entry("K1", "s1", "a1", Set.of("trade"));

        assertThrows(IllegalArgumentException.class, () -> parse("[" + entry + "," + entry + "]"));
    }

    @Test
    void shouldNotShowTheHash() {
        assertFalse(TestKeys.key().toString().contains(TestKeys.sha256(TestKeys.SECRET)));
    }

    private static KeyRing parse(String json) {
        return KeyRing.parse(json.getBytes(StandardCharsets.UTF_8));
    }
}
