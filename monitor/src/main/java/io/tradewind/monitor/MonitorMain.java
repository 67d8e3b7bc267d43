package io.tradewind.monitor;

import io.tradewind.contracts.MessageCodecs;
import io.tradewind.servicekit.ServiceDefinition;
import io.tradewind.servicekit.ServiceKit;
import io.tradewind.servicekit.ServiceMain;

/** Runs the monitor as a process of its own, and says how it is put together. */
public final class MonitorMain {

    /** How every program that runs this service puts it together. */
    public static final ServiceDefinition<MonitorConfig> SERVICE =
            new ServiceDefinition<>(MonitorConfig.SECTION, MonitorConfig.class, MonitorMain::assemble);

    private MonitorMain() {}

    public static void main(String[] args) {
        ServiceMain.run(SERVICE, vertx -> MessageCodecs.registerAll(vertx.eventBus()), args);
    }

    private static MonitorVerticle assemble(ServiceKit kit, MonitorConfig config) {
        return new MonitorVerticle(
                config, kit.settings().redis(), kit.settings().postgres(), kit.clock(), kit.meters(), kit.health());
    }
}
