package io.tradewind.servicekit.config;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Which keys exist, learned from the configuration records by reflection. Immutable; a record that cannot serve as
 * configuration is a programming error and refused at once.
 */
final class Schema {
    static final String ENVIRONMENT_PREFIX = "TRADEWIND_";

    private final Map<String, Leaf> leaves = new LinkedHashMap<>();
    private final Map<String, String> keyByVariable = new LinkedHashMap<>();

    /** A key with a value of its own: not a nested record, but maybe a list or a map. */
    record Leaf(String key, Type type, String doc, boolean secret) {
        String variable() {
            return ENVIRONMENT_PREFIX
                    + key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
        }

        boolean isMap() {
            return type instanceof ParameterizedType p && p.getRawType() == Map.class;
        }

        boolean isList() {
            return type instanceof ParameterizedType p && p.getRawType() == List.class;
        }

        boolean isMapOfScalars() {
            return isMap()
                    && !(((ParameterizedType) type).getActualTypeArguments()[1] instanceof Class<?> c && isNested(c));
        }
    }

    Schema(Map<String, Class<? extends Record>> sections) {
        sections.forEach((section, type) -> collect(section, type, new ArrayList<>()));
        for (Leaf leaf : leaves.values()) {
            String other = keyByVariable.put(leaf.variable(), leaf.key());
            if (other != null) {
                throw new IllegalArgumentException(
                        "keys " + other + " and " + leaf.key() + " share the variable " + leaf.variable());
            }
        }
    }

    private void collect(String path, Class<?> type, List<Class<?>> within) {
        if (within.contains(type)) {
            throw new IllegalArgumentException(path + ": record " + type.getName() + " contains itself");
        }
        List<Class<?>> deeper = new ArrayList<>(within);
        deeper.add(type);
        for (RecordComponent component : type.getRecordComponents()) {
            String key = path + "." + kebab(component.getName());
            if (component.getType().isPrimitive()) {
                throw new IllegalArgumentException(key + ": " + type.getName() + "." + component.getName()
                        + " is a primitive, which cannot tell a missing key from zero; use its boxed type");
            }
            if (isNested(component.getType())) {
                collect(key, component.getType(), deeper);
            } else {
                Doc doc = component.getAnnotation(Doc.class);
                leaves.put(
                        key,
                        new Leaf(
                                key,
                                component.getGenericType(),
                                doc == null ? "" : doc.value(),
                                component.isAnnotationPresent(Secret.class)));
            }
        }
    }

    /** Every leaf by its full key, in the order of sections and components. */
    Map<String, Leaf> leaves() {
        return leaves;
    }

    /** The full key behind an environment variable, or null. */
    String keyOf(String variable) {
        return keyByVariable.get(variable);
    }

    Map<String, String> keyByVariable() {
        return keyByVariable;
    }

    /** The leaf that takes this key: itself, or the map of scalars that the key is an entry of; null if none. */
    Leaf leafFor(String key) {
        Leaf exact = leaves.get(key);
        if (exact != null) {
            return exact;
        }
        return leaves.values().stream()
                .filter(leaf -> leaf.isMapOfScalars() && key.startsWith(leaf.key() + "."))
                .findFirst()
                .orElse(null);
    }

    /** Whether the type is a record that contributes keys of its own. */
    static boolean isNested(Class<?> type) {
        return type.isRecord() && type != DataSize.class;
    }

    /** {@code eventLoops} → {@code event-loops}. */
    static String kebab(String camel) {
        StringBuilder text = new StringBuilder(camel.length() + 4);
        for (int i = 0; i < camel.length(); i++) {
            char c = camel.charAt(i);
            if (Character.isUpperCase(c) && i > 0) {
                text.append('-');
            }
            text.append(Character.toLowerCase(c));
        }
        return text.toString();
    }

    /** What values a type takes, for error messages and listings. */
    static String expects(Type type) {
        if (type instanceof ParameterizedType p) {
            Type last = p.getActualTypeArguments()[p.getActualTypeArguments().length - 1];
            return (p.getRawType() == Map.class ? "a mapping of names to " : "a list of ") + expects(last);
        }
        if (type instanceof Class<?> c && c.isEnum()) {
            return "one of " + enumNames(c);
        }
        return switch (type.getTypeName().substring(type.getTypeName().lastIndexOf('.') + 1)) {
            case "Integer", "Long", "Short" -> "a whole number";
            case "Double", "Float", "BigDecimal" -> "a number";
            case "Boolean" -> "true or false";
            case "Duration" -> "a duration such as 250ms, 5s, 1m or 2h";
            case "DataSize" -> "a data size such as 512B, 64KiB or 1MiB";
            case "String" -> "text";
            case "Path" -> "a path";
            case "LocalDate" -> "a date such as 2026-01-31";
            case "Instant" -> "a time such as 2026-01-31T12:00:00Z";
            default -> type instanceof Class<?> c && c.isRecord() ? "a mapping of keys" : "a " + type.getTypeName();
        };
    }

    static String enumNames(Class<?> type) {
        return Arrays.stream(type.getEnumConstants())
                .map(constant -> enumName((Enum<?>) constant))
                .collect(Collectors.joining(", "));
    }

    static String enumName(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
