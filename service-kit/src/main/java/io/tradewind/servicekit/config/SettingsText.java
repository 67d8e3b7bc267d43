package io.tradewind.servicekit.config;

import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Writes settings down for people: the commented default file, and single values. Pure functions. */
final class SettingsText {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./+-][A-Za-z0-9_./:+@*%-]*");
    private static final int LINE_WIDTH = 100;

    private SettingsText() {}

    /** A YAML file in which every key stands commented out with its default, so that later defaults still apply. */
    static String file(Map<String, Class<? extends Record>> sections) {
        StringBuilder text = new StringBuilder();
        comment(
                text,
                "",
                "Tradewind's configuration. Every key is shown with its default; remove the # before a key to change it."
                        + " Environment variables (TRADEWIND_SECTION_KEY) and --set section.key=value win over this file.");
        sections.forEach((name, type) -> {
            text.append('\n');
            Doc doc = type.getAnnotation(Doc.class);
            if (doc != null) {
                comment(text, "", doc.value());
            }
            text.append(name).append(":\n");
            record(text, "  ", type, Settings.defaultsOrNull(type));
        });
        return text.toString();
    }

    private static void record(StringBuilder text, String indent, Class<?> type, Record defaults) {
        for (RecordComponent component : type.getRecordComponents()) {
            Doc doc = component.getAnnotation(Doc.class);
            if (doc != null) {
                comment(text, indent, doc.value());
            }
            String name = Schema.kebab(component.getName());
            Object value = defaults == null ? null : get(component, defaults);
            if (Schema.isNested(component.getType())) {
                text.append(indent).append(name).append(":\n");
                record(text, indent + "  ", component.getType(), (Record) value);
            } else {
                String shown = component.isAnnotationPresent(Secret.class) ? "" : value(value);
                text.append(indent).append("# ").append(name).append(':');
                text.append(shown.isEmpty() ? "" : " ").append(shown).append('\n');
            }
        }
    }

    private static void comment(StringBuilder text, String indent, String words) {
        StringBuilder line = new StringBuilder(indent).append('#');
        for (String word : words.split("\\s+", -1)) {
            if (line.length() + 1 + word.length() > LINE_WIDTH) {
                text.append(line).append('\n');
                line = new StringBuilder(indent).append('#');
            }
            line.append(' ').append(word);
        }
        text.append(line).append('\n');
    }

    /** The value as it is written in the file; empty for none. Passwords within addresses are masked. */
    static String value(Object value) {
        if (value == null) {
            return "";
        }
        if (value instanceof Duration duration) {
            return Durations.format(duration);
        }
        if (value instanceof Enum<?> constant) {
            return Schema.enumName(constant);
        }
        if (value instanceof List<?> list) {
            return list.stream().map(SettingsText::value).collect(Collectors.joining(", ", "[", "]"));
        }
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .map(entry -> value(entry.getKey()) + ": " + value(entry.getValue()))
                    .collect(Collectors.joining(", ", "{", "}"));
        }
        if (value.getClass().isRecord() && Schema.isNested(value.getClass())) {
            return nested((Record) value);
        }
        String text = Redaction.maskUris(value.toString());
        boolean plain = !(value instanceof CharSequence) || (PLAIN.matcher(text).matches() && !readsAsOther(text));
        return plain ? text : '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private static String nested(Record record) {
        return Arrays.stream(record.getClass().getRecordComponents())
                .map(component -> Schema.kebab(component.getName()) + ": "
                        + (component.isAnnotationPresent(Secret.class)
                                ? Redaction.MASK
                                : value(get(component, record))))
                .collect(Collectors.joining(", ", "{", "}"));
    }

    // Text such as "true" or "12" must stay text when the file is read back.
    private static boolean readsAsOther(String text) {
        return text.matches("(?i)true|false|yes|no|on|off|null|[0-9.+-].*|.*:")
                && !text.matches("[0-9]+(\\.[0-9]+){3}");
    }

    static Object get(RecordComponent component, Record record) {
        try {
            var accessor = component.getAccessor();
            accessor.setAccessible(true);
            return accessor.invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot read " + component, e);
        }
    }
}
