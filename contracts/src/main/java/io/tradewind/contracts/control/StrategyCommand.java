package io.tradewind.contracts.control;

import java.util.Map;

/**
 * Command to the strategy-executor; answered with a JSON document.
 *
 * @param name which strategy; {@code null} for {@link Verb#LIST}
 * @param accountId for whom it trades
 * @param parameters of the strategy; missing ones take its defaults
 */
public record StrategyCommand(Verb verb, String name, String accountId, Map<String, String> parameters) {

    public enum Verb {
        LIST,
        START,
        STOP
    }

    public StrategyCommand {
        parameters = Map.copyOf(parameters);
    }
}
