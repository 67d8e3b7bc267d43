package io.tradewind.contracts.strategy;

import java.util.Map;

/** Makes strategies of one kind; found by {@link java.util.ServiceLoader}. */
public interface StrategyFactory {

    /** The name that it is configured and started by, such as {@code sma-cross}. */
    String name();

    /** Every parameter with its default. */
    Map<String, String> defaults();

    /**
     * @param parameters all of them, defaults filled in
     * @throws IllegalArgumentException for a value that is not allowed; the message names parameter, value and limit
     */
    Strategy create(Map<String, String> parameters);
}
