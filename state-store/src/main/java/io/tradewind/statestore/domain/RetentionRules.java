package io.tradewind.statestore.domain;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which entities may leave the memory, rule by rule, as they are written in the configuration:
 *
 * <pre>
 *   WINDOW [if FIELD is VALUE|VALUE|…] [unless FIELD in DOMAIN]
 *
 *   order:    7d if status is filled|canceled      those that are at an end, a week after
 *   activity: 7d unless order_id in order          a week after, but not before their order
 *   signal:   1d
 * </pre>
 *
 * A domain without a rule stays for ever, as does one whose rule is {@code never}. Immutable.
 */
public final class RetentionRules {

    /** Rule of a domain that stays, to take away a default. */
    public static final String NEVER = "never";

    private static final Pattern FORM = Pattern.compile(
            "(?<window>\\S+)(?: if (?<field>\\S+) is (?<values>\\S+))?(?: unless (?<owner>\\S+) in (?<domain>\\S+))?");

    private final Map<String, RetentionRule> rules;

    private RetentionRules(Map<String, RetentionRule> rules) {
        this.rules = rules;
    }

    /**
     * @param texts by domain
     * @param durationMs reads a window, throws {@link IllegalArgumentException} when it is none
     * @throws IllegalArgumentException when a rule is not of this form; the message says which and why
     */
    public static RetentionRules parse(Map<String, String> texts, ToLongFunction<String> durationMs) {
        Map<String, RetentionRule> rules = new TreeMap<>();
        texts.forEach((domain, text) -> {
            if (!text.trim().equals(NEVER)) {
                rules.put(domain, parse(domain, text.trim(), durationMs));
            }
        });
        return new RetentionRules(rules);
    }

    private static RetentionRule parse(String domain, String text, ToLongFunction<String> durationMs) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException(domain + ": '" + text
                    + "' must be '" + NEVER
                    + "', or a duration with 'if FIELD is VALUE|VALUE' or 'unless FIELD in DOMAIN'"
                    + " or both behind it");
        }
        String values = form.group("values");
        return new RetentionRule(
                domain,
                durationMs.applyAsLong(form.group("window")),
                form.group("field"),
                values == null ? Set.of() : Set.of(values.split("\\|")),
                form.group("owner"),
                form.group("domain"));
    }

    /** The same rules with no window longer than this. */
    public RetentionRules within(long maxWindowMs) {
        Map<String, RetentionRule> shorter = new TreeMap<>();
        rules.forEach((domain, rule) -> shorter.put(domain, rule.within(maxWindowMs)));
        return new RetentionRules(shorter);
    }

    /** The domains of which entities may leave. */
    public Set<String> domains() {
        return rules.keySet();
    }

    /**
     * In the order in which they are to be applied: a domain that belongs to another comes behind it, so that what it
     * waits for is gone first.
     */
    List<RetentionRule> all() {
        List<RetentionRule> ordered = new ArrayList<>(rules.values());
        ordered.sort((a, b) -> Boolean.compare(a.ownerField() != null, b.ownerField() != null));
        return ordered;
    }
}
