package io.tradewind.strategyexecutor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.servicekit.config.ConfigException;
import io.tradewind.servicekit.config.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StrategyExecutorConfigTest {

    @Test
    void shouldHaveTheseDefaults() {
        StrategyExecutorConfig config = load();
        assertEquals(FeedKind.SIM, config.feed());
        assertEquals(42, config.seed());
        assertEquals(Duration.ofMillis(250), config.tick());
        assertEquals(Duration.ofSeconds(5), config.barDuration());
        assertEquals(List.of("AAPL", "MSFT", "GOOG", "AMZN", "NVDA", "SPY", "BTC/USD", "ETH/USD"), config.symbols());
        assertEquals("", config.replayFile());
        assertEquals("SPX", config.replaySymbol());
        assertEquals(1.0, config.replaySpeed());
        assertEquals(Duration.ofSeconds(1), config.quoteStoreInterval());
        assertEquals(List.of(), config.strategies());
        assertEquals(Map.of(), config.parameters());
        assertEquals("default", config.account());
        assertEquals(100, config.queueSize());
        assertEquals(10, config.maxRunning());
        assertEquals(Duration.ofSeconds(30), config.deadline());
        assertEquals(Duration.ofSeconds(1), config.interruptGrace());
        assertEquals(5, config.maxFailures());
        assertEquals(3, config.maxReplacements());
        assertEquals(Duration.ofSeconds(10), config.stateTimeout());
        assertEquals(Duration.ofSeconds(10), config.orderTimeout());
    }

    @Test
    void shouldTakeListsAndParametersFromTheCommandLine() {
        StrategyExecutorConfig config =
                load("strategies=sma-cross", "parameters.sma-cross.fast=3", "symbols=AAPL, TSLA:250", "feed=replay");
        assertEquals(List.of("sma-cross"), config.strategies());
        assertEquals(Map.of("fast", "3"), config.parametersOf("sma-cross"));
        assertEquals(Map.of(), config.parametersOf("sma"));
        assertEquals(List.of("AAPL", "TSLA:250"), config.symbols());
        assertEquals(FeedKind.REPLAY, config.feed());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "feed=live",
                "tick=1ms",
                "bar-duration=1ms",
                "symbols=TSLA",
                "replay-speed=0",
                "replay-speed=1000",
                "queue-size=0",
                "max-running=0",
                "deadline=1ms",
                "max-failures=0",
                "max-replacements=-1",
                "replay-symbol= ",
                "parameters.fast=3"
            })
    void shouldNameTheKeyThatIsWrong(String override) {
        String message =
                assertThrows(ConfigException.class, () -> load(override)).getMessage();
        String key = "strategy-executor." + override.substring(0, override.indexOf('='));
        assertTrue(message.contains(key), message);
    }

    private static StrategyExecutorConfig load(String... overrides) {
        Settings.Builder builder =
                Settings.builder().section(StrategyExecutorConfig.SECTION, StrategyExecutorConfig.class);
        for (String override : overrides) {
            builder.override(StrategyExecutorConfig.SECTION + "." + override);
        }
        return builder.build().section(StrategyExecutorConfig.SECTION, StrategyExecutorConfig.class);
    }
}
