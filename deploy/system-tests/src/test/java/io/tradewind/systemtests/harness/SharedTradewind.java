package io.tradewind.systemtests.harness;

import java.time.Duration;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests the one {@link TradewindProcess} that they share, because a start costs seconds. It is started when the
 * first test asks for it and ends with the run. Tests leave it as they found it, each trades its own symbols.
 */
public final class SharedTradewind implements ParameterResolver {

    private static final Namespace NAMESPACE = Namespace.create(SharedTradewind.class);

    private static final Duration QUOTES_LIMIT = Duration.ofMinutes(1);

    private static final class Shared implements AutoCloseable {
        private final Workspace workspace = Workspace.open("shared");
        private final TradewindProcess program = TradewindProcess.start(
                workspace.data(),
                // Bars as quick as the feed ticks, so that a strategy has something to decide within a test.
                TradewindProcess.patient(
                        "--set", "strategy-executor.tick=100ms", "--set", "strategy-executor.bar-duration=200ms"));

        private Shared() {
            // Without a quote there is no trading yet; an order that cannot rest leaves nothing behind.
            String probe = ApiClient.limit("SPY", "buy", "1", "1")
                    .put("time_in_force", "ioc")
                    .toString();
            Waiting.until(
                    "quotes are there",
                    QUOTES_LIMIT,
                    () -> program.client().post("/v2/orders", probe).status() == 200);
        }

        @Override
        public void close() {
            program.close();
            workspace.close();
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == TradewindProcess.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(NAMESPACE)
                .getOrComputeIfAbsent(Shared.class, key -> new Shared(), Shared.class)
                .program;
    }
}
