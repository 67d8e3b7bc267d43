package io.tradewind.statestore;

import io.tradewind.contracts.state.Domains;
import io.tradewind.servicekit.config.Check;
import io.tradewind.servicekit.config.ConfigException;
import io.tradewind.servicekit.config.Doc;
import io.tradewind.servicekit.config.Durations;
import io.tradewind.statestore.domain.RetentionRules;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** Configuration of what leaves the state when the database has it. */
@Doc("What leaves the state when the database has it.")
public record RetentionConfig(
        @Doc("Per domain: 'never', or 'WINDOW [if FIELD is VALUE|VALUE] [unless FIELD in DOMAIN]'. A rule given here"
                + " takes the place of the usual one of its domain. Usual: order, activity 7d; signal 1d; denial 1h.")
        Map<String, String> rules,

        @Doc("Window to which the others shrink when memory is scarce. 1m..30d.")
        Duration minimum,

        @Doc("Pause between two looks at everything. 1s..1d.")
        Duration every) {

    /** An activity stays as long as its order: the order-queue knows by it which executions are booked. */
    static final Map<String, String> DEFAULT_RULES = Map.of(
            Domains.ORDER, "7d if status is filled|canceled|expired|rejected|replaced|done_for_day",
            Domains.ACTIVITY, "7d unless order_id in order",
            Domains.SIGNAL, "1d",
            Domains.DENIAL, "1h");

    static final Duration DEFAULT_MINIMUM = Duration.ofHours(1);
    static final Duration DEFAULT_EVERY = Duration.ofMinutes(1);

    public RetentionConfig {
        Map<String, String> all = new TreeMap<>(DEFAULT_RULES);
        all.putAll(Check.orDefault(rules, Map.of()));
        rules = Map.copyOf(all);
        minimum = Check.inRange(
                "minimum", Check.orDefault(minimum, DEFAULT_MINIMUM), Duration.ofMinutes(1), Duration.ofDays(30));
        every = Check.inRange(
                "every", Check.orDefault(every, DEFAULT_EVERY), Duration.ofSeconds(1), Duration.ofDays(1));
        try {
            parse(rules);
        } catch (IllegalArgumentException e) {
            throw new ConfigException("rules", null, e.getMessage());
        }
    }

    RetentionRules parsed() {
        return parse(rules);
    }

    private static RetentionRules parse(Map<String, String> rules) {
        return RetentionRules.parse(rules, text -> Durations.parse(text).toMillis());
    }
}
