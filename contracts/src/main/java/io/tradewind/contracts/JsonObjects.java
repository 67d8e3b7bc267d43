package io.tradewind.contracts;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Writes and reads the flat JSON objects that entities are: text, numbers and booleans by name, decimals and times as
 * text. Fields without a value are left out. Streaming, without data binding. Safe for any thread.
 */
public final class JsonObjects {

    private static final JsonFactory FACTORY = new JsonFactory();
    private static final int INITIAL_BYTES = 768;

    private static final long MS_PER_SECOND = 1_000;

    /** The last second written, as text: most times lie in the current one. A benign race, the holder is immutable. */
    private static volatile SecondText lastSecond = new SecondText(0, "1970-01-01T00:00:00");

    private JsonObjects() {}

    /** A second, and its text without the Z at the end. */
    private record SecondText(long second, String text) {}

    /** Writes the fields of one object. */
    public static final class Fields {

        private final JsonGenerator out;

        private Fields(JsonGenerator out) {
            this.out = out;
        }

        public Fields text(String name, String value) {
            return value == null ? this : write(() -> out.writeStringField(name, value));
        }

        public Fields decimal(String name, BigDecimal value) {
            return value == null ? this : write(() -> out.writeStringField(name, value.toPlainString()));
        }

        /** @param ms milliseconds since the epoch; 0 for none */
        public Fields time(String name, long ms) {
            return ms == 0 ? this : write(() -> out.writeStringField(name, timeText(ms)));
        }

        public Fields number(String name, long value) {
            return write(() -> out.writeNumberField(name, value));
        }

        public Fields flag(String name, boolean value) {
            return write(() -> out.writeBooleanField(name, value));
        }

        /** A list of objects. */
        public Fields objects(String name, List<Consumer<Fields>> objects) {
            return write(() -> {
                out.writeArrayFieldStart(name);
                for (Consumer<Fields> object : objects) {
                    out.writeStartObject();
                    object.accept(this);
                    out.writeEndObject();
                }
                out.writeEndArray();
            });
        }

        private Fields write(Write write) {
            try {
                write.run();
            } catch (IOException e) {
                throw new UncheckedIOException("writing JSON to memory", e);
            }
            return this;
        }

        @FunctionalInterface
        private interface Write {
            void run() throws IOException;
        }
    }

    /** The object whose fields {@code writer} writes. */
    public static Json write(Consumer<Fields> writer) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(INITIAL_BYTES);
        try (JsonGenerator out = FACTORY.createGenerator(bytes)) {
            out.writeStartObject();
            writer.accept(new Fields(out));
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing JSON to memory", e);
        }
        return Json.ofBytes(bytes.toByteArray());
    }

    /**
     * The scalar fields of an object as text, in their order; nulls, arrays and nested objects are left out.
     *
     * @throws IllegalArgumentException when it is not a JSON object
     */
    public static Map<String, String> read(Json json) {
        Map<String, String> fields = new LinkedHashMap<>();
        try (JsonParser in = FACTORY.createParser(json.bytes())) {
            if (in.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("not a JSON object: " + excerpt(json));
            }
            while (in.nextToken() == JsonToken.FIELD_NAME) {
                String name = in.currentName();
                JsonToken value = in.nextToken();
                if (value.isStructStart()) {
                    in.skipChildren();
                } else if (value != JsonToken.VALUE_NULL) {
                    fields.put(name, in.getText());
                }
            }
            if (in.nextToken() != null) {
                throw new IllegalArgumentException("more than a JSON object: " + excerpt(json));
            }
            return fields;
        } catch (IOException e) {
            throw new IllegalArgumentException("not a JSON object: " + excerpt(json), e);
        }
    }

    /** RFC 3339 in UTC, such as {@code 2026-01-31T09:30:00.125Z}. */
    public static String timeText(long ms) {
        long second = Math.floorDiv(ms, MS_PER_SECOND);
        SecondText last = lastSecond;
        if (last.second() != second) {
            String text = Instant.ofEpochSecond(second).toString();
            last = new SecondText(second, text.substring(0, text.length() - 1));
            lastSecond = last;
        }
        int rest = (int) Math.floorMod(ms, MS_PER_SECOND);
        if (rest == 0) {
            return last.text() + 'Z';
        }
        char[] fraction = {'.', (char) ('0' + rest / 100), (char) ('0' + rest / 10 % 10), (char) ('0' + rest % 10), 'Z'
        };
        return last.text().concat(new String(fraction));
    }

    private static String excerpt(Json json) {
        String text = json.toString();
        return text.length() <= 80 ? text : text.substring(0, 80) + "…";
    }
}
