package io.tradewind.contracts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class JsonObjectsTest {

    private static final List<String> NAMES =
            List.of("\"a\"", "\"status\"", "\"\"", "\"a b\"", "\"q\\\"\"", "\"\u00fc\"", "\"\\u0061\"", " \"b\" ");

    private static final List<String> VALUES = List.of(
            "\"\"",
            "\"text\"",
            "\"\\n\"",
            "\"\u00fc\"",
            "\"\u007f\"",
            "0",
            "-0",
            "-17",
            "007",
            "1.50",
            "1.",
            ".5",
            "1e3",
            "-",
            "12345678901234567890",
            "true",
            "false",
            "null",
            "nul",
            "TRUE",
            "[1,2]",
            "{\"a\":1}",
            " 1");

    private static final FieldNames SOME = FieldNames.of(Arrays.asList("status", null, "a", "ü", "never"));

    private static final List<String> INSERTS =
            List.of(" ", ",", "\"", "\\", "{", "}", ":", "0", "-", ".", "x", "\u0001", "\t", "\n");

    @Test
    void shouldWriteFieldsInOrderAndLeaveOutWhatHasNoValue() {
        Json json = JsonObjects.write(out -> out.text("a", "x")
                .text("none", null)
                .decimal("b", new BigDecimal("1E+2"))
                .decimal("none", null)
                .time("c", 1_769_851_800_125L)
                .time("none", 0)
                .number("d", 0)
                .flag("e", false));
        assertEquals(
                "{\"a\":\"x\",\"b\":\"100\",\"c\":\"2026-01-31T09:30:00.125Z\",\"d\":0,\"e\":false}", json.toString());
    }

    @Test
    void shouldReadBackWhatItWrote() {
        String odd = "quote \" backslash \\ newline \n zero \u0000 Zürich 株式 🚀 </script>";
        Json json = JsonObjects.write(
                out -> out.text(odd, odd).number("n", Long.MIN_VALUE).flag("f", true));
        assertEquals(Map.of(odd, odd, "n", "-9223372036854775808", "f", "true"), JsonObjects.read(json));
        assertEquals(
                List.of(odd, "n", "f"), new ArrayList<>(JsonObjects.read(json).keySet()));
    }

    @Test
    void shouldReadScalarsAndPassOverTheRest() {
        Json json = Json.of(
                "{ \"a\": null, \"b\": [1, {\"x\": 2}], \"c\": {\"b\": 3}, \"d\": 1.50, \"e\": true, \"f\": \"\" }");
        assertEquals(Map.of("d", "1.50", "e", "true", "f", ""), JsonObjects.read(json));
        assertEquals(Map.of(), JsonObjects.read(Json.of("{}")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "1",
                "\"x\"",
                "[]",
                "{",
                "{\"a\"",
                "{\"a\":",
                "{\"a\":1",
                "{\"a\":1,}",
                "{\"a\" 1}",
                "{\"a\":[}",
                "{\"a\":[1}",
                "{\"a\":tru}",
                "{a:1}",
                "}",
                "{} {}",
                "{}x",
                "{\"a\":\"\u0001\"}"
            })
    void shouldRefuseWhatIsNotOneObject(String text) {
        assertThrows(IllegalArgumentException.class, () -> JsonObjects.read(Json.of(text)));
    }

    @Test
    void shouldRefuseBytesThatAreNotUtf8() {
        byte[] bytes = {'{', '"', 'a', '"', ':', '"', (byte) 0xFF, '"', '}'};
        assertThrows(IllegalArgumentException.class, () -> JsonObjects.read(Json.ofBytes(bytes)));
    }

    @Test
    void shouldNotRepeatAHugeDocumentInItsError() {
        Json json = Json.of("[" + "1,".repeat(100_000) + "1]");
        String message = assertThrows(IllegalArgumentException.class, () -> JsonObjects.read(json))
                .getMessage();
        assertTrue(message.length() < 200, message);
    }

    @Test
    void shouldStayUtf8EvenForHalfASurrogatePair() {
        // Such text comes out of JSON escapes. It stays an escape, so that the document is valid UTF-8 for everyone.
        Json json = JsonObjects.write(out -> out.text("a", "\uD800x"));
        assertEquals("{\"a\":\"\\uD800x\"}", json.toString());
        assertEquals(Map.of("a", "\uD800x"), JsonObjects.read(json));
    }

    @ParameterizedTest
    @CsvSource({
        "1,1970-01-01T00:00:00.001Z",
        "1000,1970-01-01T00:00:01Z",
        "-1,1969-12-31T23:59:59.999Z",
        "1769851800125,2026-01-31T09:30:00.125Z",
        "4102444800000,2100-01-01T00:00:00Z"
    })
    void shouldWriteTimesInUtc(long ms, String text) {
        assertEquals(text, JsonObjects.timeText(ms));
        assertEquals(text, JsonObjects.timeText(ms), "the second time from memory");
    }

    @Test
    void shouldKeepTimesApartBetweenThreads() throws InterruptedException {
        List<String> wrong = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            long ms = 1_769_851_800_000L + t;
            String expected = "2026-01-31T09:30:00" + (t == 0 ? "" : ".00" + t) + "Z";
            threads.add(new Thread(() -> {
                for (int i = 0; i < 20_000; i++) {
                    String text = JsonObjects.timeText(ms);
                    if (!text.equals(expected)) {
                        synchronized (wrong) {
                            wrong.add(text);
                        }
                    }
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(List.of(), wrong);
    }

    @Test
    void shouldReadEveryDocumentAsAWholeParserDoes() {
        Seeds.each(3_000, (seed, random) -> {
            StringBuilder text = new StringBuilder("{");
            int fields = random.nextInt(6);
            for (int f = 0; f < fields; f++) {
                text.append(f == 0 ? "" : ",").append(pick(random, NAMES)).append(':');
                text.append(pick(random, VALUES));
            }
            text.append('}');
            if (random.nextInt(3) == 0) {
                int at = random.nextInt(text.length());
                switch (random.nextInt(3)) {
                    case 0 -> text.deleteCharAt(at);
                    case 1 -> text.insert(at, pick(random, INSERTS));
                    default -> text.setCharAt(at, pick(random, INSERTS).charAt(0));
                }
            }
            Json json = Json.of(text.toString());
            Map<String, String> expected;
            try {
                expected = JsonObjects.parse(json);
            } catch (IllegalArgumentException refused) {
                assertThrows(IllegalArgumentException.class, () -> JsonObjects.read(json), json::toString);
                assertThrows(IllegalArgumentException.class, () -> JsonObjects.read(json, SOME), json::toString);
                return;
            }
            assertEquals(expected, JsonObjects.read(json), json::toString);
            assertEquals(
                    Arrays.asList(expected.get("status"), null, expected.get("a"), expected.get("ü"), null),
                    Arrays.asList(JsonObjects.read(json, SOME)),
                    json::toString);
            assertEquals(
                    new ArrayList<>(expected.keySet()),
                    new ArrayList<>(JsonObjects.read(json).keySet()),
                    json::toString);
        });
    }

    @Test
    void shouldTellManyWantedFieldsApart() {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            names.add("field_" + i);
        }
        Json json = JsonObjects.write(out -> {
            for (int i = 199; i >= 0; i -= 2) {
                out.number("field_" + i, i).number("other_" + i, -1);
            }
        });
        String[] found = JsonObjects.read(json, FieldNames.of(names));
        for (int i = 0; i < 200; i++) {
            assertEquals(i % 2 == 0 ? null : Integer.toString(i), found[i]);
        }
        assertThrows(IllegalArgumentException.class, () -> FieldNames.of(List.of("a", "a")));
    }

    @Test
    void shouldFindAFieldWithoutReadingTheRest() {
        assertEquals("x", JsonObjects.text(Json.of("{\"a\":1,\"status\":\"x\",\"b\":"), "status"));
        assertEquals("1.5", JsonObjects.text(Json.of("{\"a\":1.5}"), "a"));
        assertEquals("true", JsonObjects.text(Json.of("{\"a\":true}"), "a"));
        assertEquals("ü", JsonObjects.text(Json.of("{\"a\":{\"b\":1}, \"b\":\"ü\"}"), "b"));
        assertNull(JsonObjects.text(Json.of("{\"a\":null}"), "a"));
        assertNull(JsonObjects.text(Json.of("{\"a\":[1]}"), "a"));
        assertNull(JsonObjects.text(Json.of("{\"a\":1}"), "b"));
        assertNull(JsonObjects.text(Json.of("{}"), "a"));
        assertNull(JsonObjects.text(Json.of("{\"b\":tru,\"a\":1}"), "a"));
        assertNull(JsonObjects.text(Json.of("[]"), "a"));
    }

    private static String pick(Random random, List<String> from) {
        return from.get(random.nextInt(from.size()));
    }
}
