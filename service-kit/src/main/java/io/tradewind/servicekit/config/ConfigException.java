package io.tradewind.servicekit.config;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The configuration cannot be used. Carries every problem that was found, not just the first, because a user who must
 * restart once per typing error gives up. The message has one line per problem: {@code key = value: limit}.
 */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    /**
     * One thing that is wrong.
     *
     * @param key full key, such as {@code gateway.port}; within a record's constructor just the component's name
     * @param value what was given, or null where there is no value to show
     * @param rule what is allowed, and what to do
     */
    public record Problem(String key, String value, String rule) {
        @Override
        public String toString() {
            return value == null ? key + ": " + rule : key + " = " + Redaction.maskUris(value) + ": " + rule;
        }

        Problem under(String prefix) {
            return new Problem(prefix.isEmpty() ? key : prefix + "." + key, value, rule);
        }

        Problem masked() {
            return value == null ? this : new Problem(key, Redaction.MASK, rule);
        }
    }

    public ConfigException(String key, Object value, String rule) {
        this(List.of(new Problem(key, value == null ? null : String.valueOf(value), rule)));
    }

    public ConfigException(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining(System.lineSeparator())));
        this.problems = List.copyOf(problems);
    }

    /** Every problem, in the order of the sections; never empty. */
    public List<Problem> problems() {
        return problems;
    }
}
