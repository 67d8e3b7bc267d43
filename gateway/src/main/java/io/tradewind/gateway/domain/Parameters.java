package io.tradewind.gateway.domain;

import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** Reads query parameters. Pure functions; what is wrong is an {@link ApiException} that names the parameter. */
final class Parameters {

    private Parameters() {}

    static String choice(Function<String, String> parameter, String name, String missing, Set<String> choices) {
        String text = parameter.apply(name);
        if (text == null || text.isEmpty()) {
            return missing;
        }
        if (!choices.contains(text)) {
            throw RequestBody.invalid(name, "must be one of " + String.join(", ", new TreeSet<>(choices)));
        }
        return text;
    }

    static boolean flag(Function<String, String> parameter, String name) {
        return choice(parameter, name, "false", Set.of("true", "false")).equals("true");
    }

    /** A whole number from {@code min} on. */
    static long whole(Function<String, String> parameter, String name, long missing, long min) {
        String text = parameter.apply(name);
        if (text == null || text.isEmpty()) {
            return missing;
        }
        try {
            long value = Long.parseLong(text);
            if (value >= min) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Said below, as for a number out of range.
        }
        throw RequestBody.invalid(name, "must be a whole number from " + min);
    }

    static int number(Function<String, String> parameter, String name, int missing, int min, int max) {
        String text = parameter.apply(name);
        if (text == null || text.isEmpty()) {
            return missing;
        }
        try {
            int value = Integer.parseInt(text);
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Said below, as for a number out of range.
        }
        throw RequestBody.invalid(name, "must be a whole number within " + min + ".." + max);
    }
}
