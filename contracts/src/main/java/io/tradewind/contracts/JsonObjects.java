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
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Writes and reads the flat JSON objects that entities are: text, numbers and booleans by name, decimals and times as
 * text. Fields without a value are left out. What is plain, as nearly all of it is, goes byte by byte; a whole parser and
 * generator see to the rest. Safe for any thread.
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

        private byte[] out = new byte[INITIAL_BYTES];
        private int length;

        private Fields() {
            out[length++] = '{';
        }

        public Fields text(String name, String value) {
            if (value != null) {
                name(name);
                quoted(value);
            }
            return this;
        }

        public Fields decimal(String name, BigDecimal value) {
            return value == null ? this : text(name, value.toPlainString());
        }

        /** @param ms milliseconds since the epoch; 0 for none */
        public Fields time(String name, long ms) {
            return ms == 0 ? this : text(name, timeText(ms));
        }

        public Fields number(String name, long value) {
            name(name);
            ascii(Long.toString(value));
            return this;
        }

        public Fields flag(String name, boolean value) {
            name(name);
            ascii(value ? "true" : "false");
            return this;
        }

        /** A list of objects. */
        public Fields objects(String name, List<Consumer<Fields>> objects) {
            name(name);
            one('[');
            for (int i = 0; i < objects.size(); i++) {
                if (i > 0) {
                    one(',');
                }
                one('{');
                objects.get(i).accept(this);
                one('}');
            }
            one(']');
            return this;
        }

        private byte[] end() {
            one('}');
            return Arrays.copyOf(out, length);
        }

        private void name(String name) {
            if (out[length - 1] != '{') {
                one(',');
            }
            quoted(name);
            one(':');
        }

        private void one(char ascii) {
            room(1);
            out[length++] = (byte) ascii;
        }

        private void quoted(String text) {
            if (!isPlain(text)) {
                byte[] encoded = encoded(text);
                room(encoded.length);
                System.arraycopy(encoded, 0, out, length, encoded.length);
                length += encoded.length;
                return;
            }
            room(text.length() + 2);
            out[length++] = '"';
            ascii(text);
            out[length++] = '"';
        }

        /** Each character is one byte. */
        @SuppressWarnings("deprecation") // Takes the low byte of each character, which is all that these have.
        private void ascii(String text) {
            room(text.length() + 1);
            text.getBytes(0, text.length(), out, length);
            length += text.length();
        }

        private void room(int bytes) {
            if (out.length - length < bytes) {
                out = Arrays.copyOf(out, Math.max(out.length * 2, length + bytes));
            }
        }
    }

    /** Whether it stands in JSON as it is, one byte for each character. */
    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~' || c == '"' || c == '\\') {
                return false;
            }
        }
        return true;
    }

    /** Any text, as a JSON string with its quotes. */
    private static byte[] encoded(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator out = FACTORY.createGenerator(bytes)) {
            out.writeString(text);
        } catch (IOException e) {
            throw new UncheckedIOException("writing JSON to memory", e);
        }
        return bytes.toByteArray();
    }

    /** The object whose fields {@code writer} writes. */
    public static Json write(Consumer<Fields> writer) {
        Fields fields = new Fields();
        writer.accept(fields);
        return Json.ofBytes(fields.end());
    }

    /**
     * The scalar fields of an object as text, in their order; nulls, arrays and nested objects are left out.
     *
     * @throws IllegalArgumentException when it is not a JSON object
     */
    public static Map<String, String> read(Json json) {
        Map<String, String> plain = PlainJson.read(json.bytes());
        return plain != null ? plain : parse(json);
    }

    /**
     * Some scalar fields of an object as text, each at its place; {@code null} where there is none. Nothing is made of the
     * others, but the whole document is checked.
     *
     * @throws IllegalArgumentException when it is not a JSON object
     */
    public static String[] read(Json json, FieldNames wanted) {
        String[] plain = PlainJson.read(json.bytes(), wanted);
        if (plain != null) {
            return plain;
        }
        Map<String, String> all = parse(json);
        String[] values = new String[wanted.size()];
        for (int place = 0; place < values.length; place++) {
            values[place] = all.get(wanted.name(place));
        }
        return values;
    }

    /**
     * The first scalar field {@code name} of an object as text, without reading what follows it.
     *
     * @return {@code null} when there is none, it is null, or the document is damaged before it; whoever needs the whole
     *     document says so
     */
    public static String text(Json json, String name) {
        String plain = PlainJson.text(json.bytes(), name);
        return PlainJson.isNotPlain(plain) ? parseText(json, name) : plain;
    }

    private static String parseText(Json json, String name) {
        try (JsonParser in = FACTORY.createParser(json.bytes())) {
            if (in.nextToken() != JsonToken.START_OBJECT) {
                return null;
            }
            while (in.nextToken() == JsonToken.FIELD_NAME) {
                boolean wanted = in.currentName().equals(name);
                JsonToken value = in.nextToken();
                if (wanted) {
                    return value.isScalarValue() && value != JsonToken.VALUE_NULL ? in.getText() : null;
                }
                in.skipChildren();
            }
            return null;
        } catch (IOException e) {
            return null;
        }
    }

    /** Any document, by a whole parser. */
    static Map<String, String> parse(Json json) {
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
