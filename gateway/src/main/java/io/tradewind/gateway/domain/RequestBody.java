package io.tradewind.gateway.domain;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.tradewind.contracts.Decimals;
import io.tradewind.contracts.orders.DenialCode;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * A small JSON object that a caller sent: scalar fields, and objects of scalar fields. As strict as the
 * {@link OrderParser}: unknown and repeated fields are refused. Immutable.
 */
public final class RequestBody {

    private static final String DECIMAL = "[0-9]{1,12}(\\.[0-9]{1,9})?";

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(com.fasterxml.jackson.core.StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private static final BigDecimal MAX_VERSION = BigDecimal.valueOf(Long.MAX_VALUE);

    private final Map<String, Object> fields;

    private RequestBody(Map<String, Object> fields) {
        this.fields = fields;
    }

    /**
     * @param known the fields that may be there
     * @throws ApiException when it is not such an object
     */
    public static RequestBody parse(byte[] body, Set<String> known) {
        return parse(body, known, false);
    }

    /**
     * One whose fields somebody else knows: {@link #others} has them.
     *
     * @param known the fields that are known here
     * @throws ApiException when it is not such an object
     */
    public static RequestBody parseWithOthers(byte[] body, Set<String> known) {
        return parse(body, known, true);
    }

    private static RequestBody parse(byte[] body, Set<String> known, boolean others) {
        Map<String, Object> fields = new LinkedHashMap<>();
        try (JsonParser in = FACTORY.createParser(body)) {
            if (in.nextToken() != JsonToken.START_OBJECT) {
                throw malformed("the body must be a JSON object");
            }
            while (in.nextToken() == JsonToken.FIELD_NAME) {
                String name = in.currentName();
                if (!others && !known.contains(name)) {
                    throw ApiError.of(
                                    DenialCode.REQUEST_FIELD_UNKNOWN,
                                    "field '" + name + "' is not known; there are " + String.join(", ", known),
                                    name)
                            .exception();
                }
                fields.put(name, in.nextToken() == JsonToken.START_OBJECT ? texts(name, in) : scalar(name, in));
            }
            if (in.nextToken() != null) {
                throw malformed("nothing may follow the JSON object");
            }
        } catch (IOException e) {
            throw malformed("the body is not valid JSON, or gives a field twice");
        }
        return new RequestBody(fields);
    }

    /**
     * The fields that are not among the {@code known}, as text; {@code null} for null.
     *
     * @throws ApiException when one has more than a single value
     */
    public Map<String, String> others(Set<String> known) {
        Map<String, String> others = new LinkedHashMap<>();
        fields.forEach((name, value) -> {
            if (value instanceof Map) {
                throw invalid(name, "must be a single value");
            }
            if (!known.contains(name)) {
                others.put(name, value instanceof BigDecimal number ? number.toPlainString() : text(value));
            }
        });
        return others;
    }

    private static String text(Object scalar) {
        return scalar == null ? null : scalar.toString();
    }

    /** @return the text, or {@code null} when it is missing or null */
    public String text(String name) {
        Object value = fields.get(name);
        if (value != null && !(value instanceof String)) {
            throw invalid(name, "must be text");
        }
        return (String) value;
    }

    public String requiredText(String name) {
        String text = text(name);
        if (text == null || text.isEmpty()) {
            throw invalid(name, "is required");
        }
        return text;
    }

    /** False when it is missing or null. */
    public boolean flag(String name) {
        Object value = fields.get(name);
        if (value != null && !(value instanceof Boolean)) {
            throw invalid(name, "must be true or false");
        }
        return value != null && (Boolean) value;
    }

    /** @return the whole number, or {@code null} when it is missing or null */
    public Integer number(String name, int min, int max) {
        Object value = fields.get(name);
        if (value == null) {
            return null;
        }
        if (value instanceof BigDecimal number
                && number.compareTo(BigDecimal.valueOf(min)) >= 0
                && number.compareTo(BigDecimal.valueOf(max)) <= 0
                && number.stripTrailingZeros().scale() <= 0) {
            return number.intValueExact();
        }
        throw invalid(name, "must be a whole number within " + min + ".." + max);
    }

    /** @return a version of an entity, from 0, or {@code null} when it is missing or null */
    public Long version(String name) {
        Object value = fields.get(name);
        if (value == null) {
            return null;
        }
        if (value instanceof BigDecimal number
                && number.signum() >= 0
                && number.compareTo(MAX_VERSION) <= 0
                && number.stripTrailingZeros().scale() <= 0) {
            return number.longValueExact();
        }
        throw invalid(name, "must be a whole number from 0");
    }

    /** @return the decimal, given as text or as a number, or {@code null} when it is missing or null */
    public BigDecimal positive(String name) {
        Object value = fields.get(name);
        if (value == null) {
            return null;
        }
        if (!(value instanceof String) && !(value instanceof BigDecimal)) {
            throw invalid(name, "must be a decimal number, as text or as a number");
        }
        BigDecimal decimal;
        try {
            decimal = Decimals.parse(value.toString());
        } catch (NumberFormatException e) {
            throw invalid(
                    name,
                    "must be a plain decimal number of at most " + Decimals.MAX_INTEGER_DIGITS + " digits before and "
                            + Decimals.MAX_FRACTION_DIGITS + " after the point");
        }
        if (decimal.signum() <= 0) {
            throw invalid(name, "must be above 0, not " + decimal.toPlainString());
        }
        return decimal;
    }

    /** The fields of a nested object as text; empty when it is missing or null. */
    @SuppressWarnings("unchecked") // texts() is the only one to put maps here.
    public Map<String, String> texts(String name) {
        Object value = fields.get(name);
        if (value != null && !(value instanceof Map)) {
            throw invalid(name, "must be an object");
        }
        return value == null ? Map.of() : (Map<String, String>) value;
    }

    /** A query parameter that is true or false; false when it is missing. */
    public static boolean flag(Function<String, String> parameter, String name) {
        return Parameters.flag(parameter, name);
    }

    /** A query parameter that is a decimal above 0, at most {@code max}; {@code null} when it is missing. */
    public static BigDecimal decimal(Function<String, String> parameter, String name, BigDecimal max) {
        String text = parameter.apply(name);
        if (text == null || text.isEmpty()) {
            return null;
        }
        if (text.matches(DECIMAL)) {
            BigDecimal value = new BigDecimal(text);
            if (value.signum() > 0 && value.compareTo(max) <= 0) {
                return value;
            }
        }
        throw invalid(name, "must be a decimal above 0 and at most " + max.toPlainString());
    }

    public static ApiException invalid(String field, String rule) {
        return ApiError.of(DenialCode.REQUEST_FIELD_INVALID, field + " " + rule, field)
                .exception();
    }

    private static Map<String, String> texts(String name, JsonParser in) throws IOException {
        Map<String, String> texts = new LinkedHashMap<>();
        while (in.nextToken() == JsonToken.FIELD_NAME) {
            String inner = in.currentName();
            if (!in.nextToken().isScalarValue() || in.currentToken() == JsonToken.VALUE_NULL) {
                throw invalid(name, "must have text, numbers or true and false only, not what " + inner + " is");
            }
            texts.put(inner, in.getText());
        }
        return texts;
    }

    private static Object scalar(String name, JsonParser in) throws IOException {
        return switch (in.currentToken()) {
            case VALUE_NULL -> null;
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_STRING -> in.getText();
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> in.getDecimalValue();
            default -> throw invalid(name, "must be a single value");
        };
    }

    private static ApiException malformed(String message) {
        return ApiError.of(DenialCode.REQUEST_MALFORMED, message, null).exception();
    }
}
