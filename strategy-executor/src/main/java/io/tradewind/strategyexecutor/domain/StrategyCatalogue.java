package io.tradewind.strategyexecutor.domain;

import io.tradewind.contracts.strategy.StrategyFactory;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** The strategies that exist, by name. Immutable. */
public final class StrategyCatalogue {

    private final Map<String, StrategyFactory> factories = new TreeMap<>();

    /** @throws IllegalArgumentException when two have one name */
    public StrategyCatalogue(Iterable<StrategyFactory> found) {
        for (StrategyFactory factory : found) {
            StrategyFactory other = factories.put(factory.name(), factory);
            if (other != null) {
                throw new IllegalArgumentException("strategy " + factory.name() + " is there twice: "
                        + other.getClass().getName() + " and "
                        + factory.getClass().getName());
            }
        }
    }

    public Iterable<StrategyFactory> factories() {
        return factories.values();
    }

    /** @throws IllegalArgumentException when there is no such strategy; the message names those that are */
    public StrategyFactory factory(String name) {
        StrategyFactory factory = name == null ? null : factories.get(name);
        if (factory == null) {
            throw new IllegalArgumentException(
                    "unknown strategy '" + name + "'; there are: " + String.join(", ", factories.keySet()));
        }
        return factory;
    }

    /**
     * All parameters of a strategy: the given ones, and its defaults for the rest.
     *
     * @throws IllegalArgumentException when the strategy or a parameter is unknown; the message names those that are
     */
    public Map<String, String> parameters(String name, Map<String, String> given) {
        Map<String, String> all =
                new LinkedHashMap<>(new TreeMap<>(factory(name).defaults()));
        for (Map.Entry<String, String> parameter : given.entrySet()) {
            if (all.replace(parameter.getKey(), parameter.getValue()) == null) {
                throw new IllegalArgumentException("strategy " + name + " has no parameter '" + parameter.getKey()
                        + "'; it has: " + String.join(", ", all.keySet()));
            }
        }
        return Collections.unmodifiableMap(all);
    }
}
