package io.tradewind.statestore.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JsonFieldTest {

    @Test
    void shouldFindATextFieldAtTheTop() {
        assertEquals("filled", status("{\"id\":\"1\",\"status\":\"filled\"}"));
        assertEquals("filled", status(" { \"status\" :\n\t\"filled\" , \"x\":[1,{\"y\":2}]}"));
        assertEquals("", status("{\"status\":\"\"}"));
        assertEquals("é", status("{\"a\":{\"status\":\"no\"},\"status\":\"é\"}"));
    }

    @Test
    void shouldNotTakeAnythingElseForIt() {
        assertNull(status("{\"legs\":[{\"status\":\"filled\"}]}"), "a field of something within");
        assertNull(status("{\"note\":\"status\",\"x\":\"filled\"}"), "a value that looks like the name");
        assertNull(status("{\"note\":\"\\\"status\\\":\\\"filled\\\"\"}"), "a text that looks like the field");
        assertNull(status("{\"status\":7}"));
        assertNull(status("{\"status\":null}"));
        assertNull(status("{\"status\":\"fil\\u006ced\"}"), "an escape is not understood, so it is not there");
        assertNull(status("{\"statuses\":\"filled\"}"));
        assertNull(status("[\"status\",\"filled\"]"));
        assertNull(status("[{\"status\":\"filled\"}]"));
        assertNull(status(""));
    }

    @Test
    void shouldComeToAnEndOnWhateverBytes() {
        Random random = new Random(11);
        byte[] whole =
                "{\"a\":\"\\\\\",\"status\":\"filled\",\"b\":[{\"c\":\"\\\"\"}]}".getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 20_000; i++) {
            byte[] damaged = java.util.Arrays.copyOf(whole, random.nextInt(whole.length + 1));
            for (int j = random.nextInt(4); j > 0 && damaged.length > 0; j--) {
                damaged[random.nextInt(damaged.length)] = (byte) "\"\\{}[]:,x".charAt(random.nextInt(9));
            }
            JsonField.text(damaged, "status".getBytes(StandardCharsets.UTF_8));
        }
    }

    private static String status(String json) {
        return JsonField.text(json.getBytes(StandardCharsets.UTF_8), "status".getBytes(StandardCharsets.UTF_8));
    }
}
