package io.tradewind.contracts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DecimalsTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "-0, 0",
        "0.000, 0",
        "1, 1",
        "-1, -1",
        "10, 10",
        "100.00, 100",
        "12.50, 12.5",
        "007, 7",
        "0.000000001, 0.000000001",
        "999999999999999, 999999999999999",
        "-999999999999999.999999999, -999999999999999.999999999"
    })
    void shouldTakePlainDecimals(String text, String written) {
        BigDecimal value = Decimals.parse(text);
        assertEquals(written, value.toPlainString());
        assertTrue(value.scale() >= 0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-",
                ".",
                "-.",
                "1.",
                ".5",
                "-.5",
                "+1",
                " 1",
                "1 ",
                "1,5",
                "1_000",
                "--1",
                "1-",
                "1.2.3",
                "1e3",
                "1E3",
                "1e999999999",
                "0x10",
                "NaN",
                "Infinity",
                "١٢",
                "１２",
                "1f",
                "1\n"
            })
    void shouldRefuseEverythingElse(String text) {
        assertThrows(NumberFormatException.class, () -> Decimals.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1000000000000000",
                "0000000000000001",
                "0.0000000001",
                "0.0000000000",
                "9999999999999999.9999999999",
                "100000000000000000000000000000000000000"
            })
    void shouldRefuseMoreDigitsThanTheBounds(String text) {
        assertThrows(NumberFormatException.class, () -> Decimals.parse(text));
    }

    @Test
    void shouldSayWhichRuleIsBroken() {
        assertMessage("1e5", "plain notation");
        assertMessage("1.", "both sides of the point");
        assertMessage("0.0000000001", "at most 15 digits before and 9 after");
        assertMessage("1".repeat(5000), "1 to 26 characters, not 5000");
    }

    private static void assertMessage(String text, String part) {
        String message = assertThrows(NumberFormatException.class, () -> Decimals.parse(text))
                .getMessage();
        assertTrue(message.contains(part), message);
        assertTrue(message.length() < 200, "a refusal must not repeat a huge input");
    }

    @ParameterizedTest
    @CsvSource({"10.00, 10", "1E+1, 10", "0E-9, 0", "0E+5, 0", "-1.50, -1.5", "1E-3, 0.001", "100, 100"})
    void shouldNormaliseWithoutChangingTheNumber(String text, String written) {
        BigDecimal value = new BigDecimal(text);
        BigDecimal normal = Decimals.normal(value);
        assertEquals(written, normal.toPlainString());
        assertTrue(normal.scale() >= 0);
        assertEquals(0, value.compareTo(normal));
        assertEquals(normal, Decimals.normal(normal));
    }
}
