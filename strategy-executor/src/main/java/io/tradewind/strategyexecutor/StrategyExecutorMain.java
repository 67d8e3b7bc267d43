package io.tradewind.strategyexecutor;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.NoArgGenerator;
import io.tradewind.contracts.MessageCodecs;
import io.tradewind.contracts.strategy.StrategyFactory;
import io.tradewind.servicekit.ServiceDefinition;
import io.tradewind.servicekit.ServiceKit;
import io.tradewind.servicekit.ServiceMain;
import io.tradewind.strategyexecutor.domain.StrategyCatalogue;
import java.util.ServiceLoader;

/** Runs the strategy-executor as a process of its own, and says how it is put together. */
public final class StrategyExecutorMain {

    /** How every program that runs this service puts it together. */
    public static final ServiceDefinition<StrategyExecutorConfig> SERVICE = new ServiceDefinition<>(
            StrategyExecutorConfig.SECTION, StrategyExecutorConfig.class, StrategyExecutorMain::assemble);

    private StrategyExecutorMain() {}

    public static void main(String[] args) {
        ServiceMain.run(SERVICE, vertx -> MessageCodecs.registerAll(vertx.eventBus()), args);
    }

    private static StrategyExecutorVerticle assemble(ServiceKit kit, StrategyExecutorConfig config) {
        NoArgGenerator ids = Generators.timeBasedEpochGenerator();
        return new StrategyExecutorVerticle(
                config,
                new StrategyCatalogue(ServiceLoader.load(StrategyFactory.class)),
                kit.clock(),
                kit.meters(),
                kit.health(),
                () -> ids.generate().toString());
    }
}
