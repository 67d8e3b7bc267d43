package io.tradewind.contracts.orders;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccountIdsTest {

    @ParameterizedTest
    @ValueSource(strings = {"default", "A1", "desk-7.paper_2"})
    void shouldTakeUsualNames(String id) {
        assertEquals(id, AccountIds.check(id));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "#3", "global", "market", "a/b", "-x", "ü"})
    void shouldRefuseNamesThatMeanSomethingElse(String id) {
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> AccountIds.check(id));
        assertTrue(refused.getMessage().contains("account '" + id + "'"), refused.getMessage());
    }

    @Test
    void shouldRefuseAVeryLongName() {
        assertThrows(IllegalArgumentException.class, () -> AccountIds.check("a".repeat(65)));
    }
}
