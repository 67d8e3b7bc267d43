package io.tradewind.contracts.state.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.contracts.Json;
import io.tradewind.contracts.Seeds;
import java.math.BigDecimal;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DocumentTest {

    private static Document parse(String text) {
        return Document.parse(Json.of(text));
    }

    @Test
    void shouldWriteBackWhatItDidNotTouchToTheLastDigit() {
        String text = "{\"id\":\"1\",\"n\":12345678901234567890123,\"d\":0.10000000000000000000000000001,\"z\":1.50,"
                + "\"t\":true,\"nothing\":null,\"legs\":[{\"a\":[1,[]]},\"x\",null,-7],\"o\":{},\"name\":\"Zürich \\\"1\\\"\"}";
        assertEquals(text, parse(text).toJson().toString());
    }

    @Test
    void shouldWriteBackRandomDocuments() {
        Seeds.each(500, (seed, random) -> {
            String text = object(random, 0);
            assertEquals(text, parse(text).toJson().toString());
        });
    }

    private static String object(Random random, int depth) {
        StringBuilder text = new StringBuilder("{");
        for (int i = random.nextInt(6); i > 0; i--) {
            text.append("\"f")
                    .append(i)
                    .append("\":")
                    .append(value(random, depth))
                    .append(i > 1 ? "," : "");
        }
        return text.append('}').toString();
    }

    private static String value(Random random, int depth) {
        return switch (random.nextInt(depth > 4 ? 5 : 7)) {
            case 0 -> "\"t" + random.nextInt() + "\"";
            case 1 -> Long.toString(random.nextLong());
            case 2 -> new BigDecimal(new java.math.BigInteger(90, random), 1 + random.nextInt(20)).toPlainString();
            case 3 -> Boolean.toString(random.nextBoolean());
            case 4 -> "null";
            case 5 -> object(random, depth + 1);
            default -> "[" + value(random, depth + 1) + "," + value(random, depth + 1) + "]";
        };
    }

    @Test
    void shouldChangeFieldsInTheirPlaceAndAddNewOnesLast() {
        Document document = parse("{\"a\":\"1\",\"b\":\"2\",\"c\":\"3\"}");
        document.rename("a", "z").set("b", new BigDecimal("1E+2")).set("n", 7).set("f", false);
        document.remove("c").set("x", (String) null).rename("not-there", "y").rename("z", "z");
        assertEquals(
                "{\"z\":\"1\",\"b\":\"100\",\"n\":7,\"f\":false}",
                document.toJson().toString());
        document.set("b", (BigDecimal) null);
        assertFalse(document.has("b"));
        assertTrue(document.has("z"));
        assertThrows(IllegalArgumentException.class, () -> document.rename("z", "n"));
    }

    @Test
    void shouldReadSingleValuesAsText() {
        Document document = parse("{\"t\":\"x\",\"n\":7,\"d\":1.50,\"f\":true,\"nothing\":null,\"o\":{},\"l\":[]}");
        assertEquals("x", document.text("t"));
        assertEquals("7", document.text("n"));
        assertEquals("1.50", document.text("d"));
        assertEquals("true", document.text("f"));
        assertNull(document.text("nothing"));
        assertNull(document.text("not-there"));
        assertEquals(new BigDecimal("1.50"), document.requiredDecimal("d"));
        assertEquals("o is not a single value", refused(() -> document.text("o")));
        assertEquals("l is not a single value", refused(() -> document.text("l")));
        assertEquals("nothing is missing", refused(() -> document.requiredText("nothing")));
    }

    @Test
    void shouldRefuseDecimalsThatArithmeticCannotTake() {
        Document document = parse("{\"e\":\"1E+999999999\",\"x\":\"ten\",\"empty\":\"\",\"long\":\"" + "9".repeat(200)
                + "\",\"dots\":\"1.2.3\"}");
        for (String name : List.of("e", "x", "empty", "long", "dots")) {
            String message = refused(() -> document.requiredDecimal(name));
            assertTrue(message.startsWith(name + " is not a plain decimal of at most 128 characters"), message);
            assertTrue(message.length() < 250, message);
        }
    }

    @Test
    void shouldReachNestedObjects() {
        Document order = parse("{\"legs\":[{\"qty\":\"1\"},{\"qty\":\"2\"}],\"meta\":{\"a\":1},\"n\":[1]}");
        order.objects("legs").forEach(leg -> leg.set("side", "buy"));
        order.object("meta").remove("a");
        assertEquals(
                "{\"legs\":[{\"qty\":\"1\",\"side\":\"buy\"},{\"qty\":\"2\",\"side\":\"buy\"}],\"meta\":{},\"n\":[1]}",
                order.toJson().toString());
        assertNull(order.object("not-there"));
        assertEquals(List.of(), order.objects("not-there"));
        assertEquals("n is not an array of objects", refused(() -> order.objects("n")));
        assertEquals("legs is not an object", refused(() -> order.object("legs")));
    }

    @Test
    void shouldRefuseADocumentTooDeepToWalk() {
        String deep = "{\"a\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}";
        assertThrows(IllegalArgumentException.class, () -> parse(deep));
    }

    private static String refused(org.junit.jupiter.api.function.Executable call) {
        return assertThrows(IllegalArgumentException.class, call).getMessage();
    }
}
