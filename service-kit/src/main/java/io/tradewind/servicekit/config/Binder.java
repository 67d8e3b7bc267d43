package io.tradewind.servicekit.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Turns a tree of nodes into configuration records. Jackson converts the single values; the records are walked here,
 * so that every problem is known by its full key and all of them can be reported together. One use, one thread.
 */
final class Binder {
    private static final ObjectMapper VALUES = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .addModule(new SimpleModule()
                    .addDeserializer(Duration.class, new FromText<>(Duration.class, Durations::parse))
                    .addDeserializer(DataSize.class, new FromText<>(DataSize.class, DataSize::parse)))
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .build();

    private final List<ConfigException.Problem> problems = new ArrayList<>();
    private final Iterable<String> knownKeys;

    /** The known keys are where hints for misspelt ones come from. */
    Binder(Iterable<String> knownKeys) {
        this.knownKeys = knownKeys;
    }

    /** What was wrong so far, over all calls of {@link #bind}. */
    List<ConfigException.Problem> problems() {
        return problems;
    }

    /** The record for the mapping at this path, or null after noting what is wrong. */
    <C extends Record> C bind(String path, Class<C> type, JsonNode node) {
        if (!isAbsent(node) && !node.isObject()) {
            problem(path, node.toString(), "must be a mapping of keys");
            return null;
        }
        RecordComponent[] components = type.getRecordComponents();
        noteUnknownKeys(path, components, node);
        int before = problems.size();
        Object[] values = new Object[components.length];
        Class<?>[] types = new Class<?>[components.length];
        for (int i = 0; i < components.length; i++) {
            String name = Schema.kebab(components[i].getName());
            types[i] = components[i].getType();
            int beforeValue = problems.size();
            values[i] = value(
                    path + "." + name,
                    components[i].getGenericType(),
                    isAbsent(node) ? MissingNode.getInstance() : node.path(name));
            if (components[i].isAnnotationPresent(Secret.class)) {
                problems.subList(beforeValue, problems.size()).replaceAll(ConfigException.Problem::masked);
            }
        }
        return problems.size() > before ? null : construct(path, type, types, values);
    }

    private void noteUnknownKeys(String path, RecordComponent[] components, JsonNode node) {
        TreeSet<String> known = new TreeSet<>();
        Arrays.stream(components)
                .map(component -> Schema.kebab(component.getName()))
                .forEach(known::add);
        TreeSet<String> fullKeys = new TreeSet<>();
        knownKeys.forEach(fullKeys::add);
        for (Iterator<String> names = node == null ? List.<String>of().iterator() : node.fieldNames();
                names.hasNext(); ) {
            String name = names.next();
            if (!known.contains(name)) {
                String key = path + "." + name;
                problem(key, null, "unknown key" + Nearest.hint(key, fullKeys));
            }
        }
    }

    private <C extends Record> C construct(String path, Class<C> type, Class<?>[] types, Object[] values) {
        try {
            var constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof ConfigException rejected) {
                rejected.problems()
                        .forEach(p -> problems.add(unmaskedOnlyIfPublic(type, p).under(path)));
            } else if (e.getCause() instanceof IllegalArgumentException rejected) {
                problem(path, null, String.valueOf(rejected.getMessage()));
            } else {
                throw new IllegalStateException(type.getName() + " failed to take " + path, e.getCause());
            }
            return null;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type.getName() + " cannot be constructed", e);
        }
    }

    private static ConfigException.Problem unmaskedOnlyIfPublic(Class<?> type, ConfigException.Problem problem) {
        boolean secret = Arrays.stream(type.getRecordComponents())
                .anyMatch(component -> component.isAnnotationPresent(Secret.class)
                        && Schema.kebab(component.getName()).equals(problem.key()));
        return secret ? problem.masked() : problem;
    }

    private Object value(String path, Type type, JsonNode node) {
        if (type instanceof Class<?> c && Schema.isNested(c)) {
            return bind(path, c.asSubclass(Record.class), node);
        }
        if (isAbsent(node)) {
            return null;
        }
        if (type instanceof ParameterizedType p && p.getRawType() == List.class) {
            return list(path, p.getActualTypeArguments()[0], node);
        }
        if (type instanceof ParameterizedType p && p.getRawType() == Map.class) {
            return map(path, p.getActualTypeArguments()[1], node);
        }
        if (type instanceof Class<?> c && c.isEnum()) {
            return enumConstant(path, c, node.asText());
        }
        return scalar(path, type, node);
    }

    private List<Object> list(String path, Type elementType, JsonNode node) {
        List<JsonNode> elements = new ArrayList<>();
        if (node.isArray()) {
            node.forEach(elements::add);
        } else if (node.isValueNode()) {
            // "a, b" is what fits on a command line and into a variable.
            Arrays.stream(node.asText().split(",", -1))
                    .map(String::trim)
                    .filter(text -> !text.isEmpty())
                    .forEach(text -> elements.add(TextNode.valueOf(text)));
        } else {
            problem(path, node.toString(), "must be a list of " + Schema.expects(elementType));
        }
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < elements.size(); i++) {
            if (isAbsent(elements.get(i))) {
                problem(path + "[" + i + "]", null, "must not be empty");
            } else {
                values.add(value(path + "[" + i + "]", elementType, elements.get(i)));
            }
        }
        return values;
    }

    private Map<String, Object> map(String path, Type valueType, JsonNode node) {
        Map<String, Object> values = new LinkedHashMap<>();
        if (!node.isObject()) {
            problem(path, node.toString(), "must be a mapping of names to " + Schema.expects(valueType));
            return values;
        }
        node.properties().forEach(entry -> {
            String key = path + "." + entry.getKey();
            if (isAbsent(entry.getValue())) {
                problem(key, null, "must not be empty");
            } else {
                values.put(entry.getKey(), value(key, valueType, entry.getValue()));
            }
        });
        return values;
    }

    private Object enumConstant(String path, Class<?> type, String text) {
        for (Object constant : type.getEnumConstants()) {
            if (Schema.enumName((Enum<?>) constant).equalsIgnoreCase(text.replace('_', '-'))) {
                return constant;
            }
        }
        problem(path, text, "must be one of " + Schema.enumNames(type));
        return null;
    }

    private Object scalar(String path, Type type, JsonNode node) {
        try {
            if (node.isContainerNode()) {
                problem(path, node.toString(), "must be " + Schema.expects(type));
                return null;
            }
            return VALUES.readerFor(VALUES.constructType(type)).readValue(node);
        } catch (JsonProcessingException | IllegalArgumentException e) {
            problem(path, node.asText(), "must be " + Schema.expects(type));
            return null;
        } catch (IOException e) {
            throw new IllegalStateException("reading a value in memory failed: " + path, e);
        }
    }

    private void problem(String key, String value, String rule) {
        problems.add(new ConfigException.Problem(key, value, rule));
    }

    private static boolean isAbsent(JsonNode node) {
        return node == null || node.isMissingNode() || node.isNull();
    }

    /** Reads a value from its text, whatever scalar YAML took it for. */
    private static final class FromText<T> extends StdScalarDeserializer<T> {
        private static final long serialVersionUID = 1L;

        private final transient Function<String, T> parse;

        FromText(Class<T> type, Function<String, T> parse) {
            super(type);
            this.parse = parse;
        }

        @Override
        public T deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            String text = parser.getText();
            try {
                return parse.apply(text);
            } catch (IllegalArgumentException e) {
                throw context.weirdStringException(text, handledType(), e.getMessage());
            }
        }
    }
}
