package io.tradewind.contracts.state.schema;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.tradewind.contracts.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A parsed JSON object, for a {@link Migration} to change. Fields keep their order, new ones come last; what a step does
 * not touch is written back with the same value, numbers to the last digit. Mutable, owned by one step, one thread.
 */
public final class Document {

    /** Digits that a decimal may have on either side of the point: a larger one makes arithmetic explode. */
    private static final int MAX_DECIMAL_CHARS = 128;

    private static final JsonFactory FACTORY = new JsonFactory();

    /** Values are String, Boolean, Number, Document, List of these, or null. */
    private final Map<String, Object> fields = new LinkedHashMap<>();

    private Document() {}

    /** @throws IllegalArgumentException when it is not one JSON object */
    static Document parse(Json json) {
        try (JsonParser in = FACTORY.createParser(json.bytes())) {
            if (in.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("not a JSON object");
            }
            Document document = readObject(in);
            if (in.nextToken() != null) {
                throw new IllegalArgumentException("more than a JSON object");
            }
            return document;
        } catch (IOException e) {
            throw new IllegalArgumentException("not a JSON object: " + e.getMessage(), e);
        }
    }

    Json toJson() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator out = FACTORY.createGenerator(bytes)) {
            write(out, this);
        } catch (IOException e) {
            throw new UncheckedIOException("writing JSON to memory", e);
        }
        return Json.ofBytes(bytes.toByteArray());
    }

    public boolean has(String name) {
        return fields.containsKey(name);
    }

    /** A text, number or boolean as text; {@code null} when it is not there or null. */
    public String text(String name) {
        Object value = fields.get(name);
        if (value instanceof Document || value instanceof List) {
            throw new IllegalArgumentException(name + " is not a single value");
        }
        return value == null ? null : value.toString();
    }

    /** @throws IllegalArgumentException when it is not there */
    public String requiredText(String name) {
        String text = text(name);
        if (text == null) {
            throw new IllegalArgumentException(name + " is missing");
        }
        return text;
    }

    /** @throws IllegalArgumentException when it is not there, or not a decimal in plain notation */
    public BigDecimal requiredDecimal(String name) {
        String text = requiredText(name);
        boolean plain = text.length() <= MAX_DECIMAL_CHARS
                && text.chars().allMatch(c -> (c >= '0' && c <= '9') || c == '.' || c == '-');
        try {
            if (plain) {
                return new BigDecimal(text);
            }
        } catch (NumberFormatException e) {
            // Falls through to the one message for all of it.
        }
        throw new IllegalArgumentException(name + " is not a plain decimal of at most " + MAX_DECIMAL_CHARS
                + " characters: '" + text.substring(0, Math.min(text.length(), MAX_DECIMAL_CHARS)) + "'");
    }

    /** A nested object, to be changed in place; {@code null} when it is not there or null. */
    public Document object(String name) {
        Object value = fields.get(name);
        if (value != null && !(value instanceof Document)) {
            throw new IllegalArgumentException(name + " is not an object");
        }
        return (Document) value;
    }

    /** The objects of an array, to be changed in place; empty when it is not there or null. */
    public List<Document> objects(String name) {
        Object value = fields.get(name);
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof List<?> list) || !list.stream().allMatch(Document.class::isInstance)) {
            throw new IllegalArgumentException(name + " is not an array of objects");
        }
        return list.stream().map(Document.class::cast).toList();
    }

    /** Sets a field, in its place if it is there already; {@code null} removes it, as writers leave such fields out. */
    public Document set(String name, String value) {
        return value == null ? remove(name) : put(name, value);
    }

    /** Sets a decimal, which is text in plain notation. */
    public Document set(String name, BigDecimal value) {
        return set(name, value == null ? null : value.toPlainString());
    }

    public Document set(String name, boolean value) {
        return put(name, value);
    }

    public Document set(String name, long value) {
        return put(name, value);
    }

    public Document remove(String name) {
        fields.remove(name);
        return this;
    }

    /**
     * Gives a field another name, in its place; nothing happens when it is not there.
     *
     * @throws IllegalArgumentException when the new name is taken
     */
    public Document rename(String name, String newName) {
        if (!fields.containsKey(name) || name.equals(newName)) {
            return this;
        }
        if (fields.containsKey(newName)) {
            throw new IllegalArgumentException("has both " + name + " and " + newName);
        }
        Map<String, Object> old = new LinkedHashMap<>(fields);
        fields.clear();
        old.forEach((field, value) -> fields.put(field.equals(name) ? newName : field, value));
        return this;
    }

    private Document put(String name, Object value) {
        fields.put(name, value);
        return this;
    }

    // Recursion is bounded by the depth that the parser allows, 1000.

    private static Document readObject(JsonParser in) throws IOException {
        Document document = new Document();
        while (in.nextToken() == JsonToken.FIELD_NAME) {
            String name = in.currentName();
            in.nextToken();
            document.fields.put(name, readValue(in));
        }
        return document;
    }

    private static Object readValue(JsonParser in) throws IOException {
        return switch (in.currentToken()) {
            case START_OBJECT -> readObject(in);
            case START_ARRAY -> {
                List<Object> list = new ArrayList<>();
                while (in.nextToken() != JsonToken.END_ARRAY) {
                    list.add(readValue(in));
                }
                yield list;
            }
            case VALUE_STRING -> in.getText();
            case VALUE_NUMBER_INT -> in.getNumberValue();
            case VALUE_NUMBER_FLOAT -> in.getDecimalValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            default -> throw new IllegalArgumentException("not a JSON object: ends within a value");
        };
    }

    private static void write(JsonGenerator out, Object value) throws IOException {
        if (value == null) {
            out.writeNull();
        } else if (value instanceof String text) {
            out.writeString(text);
        } else if (value instanceof Boolean flag) {
            out.writeBoolean(flag);
        } else if (value instanceof Number number) {
            out.writeNumber(number.toString());
        } else if (value instanceof List<?> list) {
            out.writeStartArray();
            for (Object element : list) {
                write(out, element);
            }
            out.writeEndArray();
        } else {
            out.writeStartObject();
            for (Map.Entry<String, Object> field : ((Document) value).fields.entrySet()) {
                out.writeFieldName(field.getKey());
                write(out, field.getValue());
            }
            out.writeEndObject();
        }
    }
}
