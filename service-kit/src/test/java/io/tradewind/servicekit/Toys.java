package io.tradewind.servicekit;

import io.tradewind.servicekit.config.Check;
import io.tradewind.servicekit.config.Doc;
import io.tradewind.servicekit.config.Settings;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Small services for tests: they write down what happens to them and misbehave on request. */
final class Toys {
    /** What happened, oldest first, over all toys of one test. */
    final List<String> diary = new CopyOnWriteArrayList<>();

    record ToyConfig(
            @Doc("fine, fail, throw, hang or hang-on-stop") String behaviour) {
        ToyConfig {
            behaviour = Check.oneOf(
                    "behaviour", Check.orDefault(behaviour, "fine"), "fine", "fail", "throw", "hang", "hang-on-stop");
        }
    }

    ServiceDefinition<ToyConfig> toy(String name) {
        return new ServiceDefinition<>(name, ToyConfig.class, (kit, config) -> new Toy(kit, name, config));
    }

    /** Any free ports, quick heartbeats. */
    static Settings.Builder settings(String... names) {
        Settings.Builder builder = Settings.builder()
                .override("admin.port", "0")
                .override("runtime.heartbeat", "100ms")
                .override("runtime.stop-timeout", "1m");
        for (String name : names) {
            builder.section(name, ToyConfig.class);
        }
        return builder;
    }

    private final class Toy extends VerticleBase {
        private final ServiceKit kit;
        private final String name;
        private final ToyConfig config;

        Toy(ServiceKit kit, String name, ToyConfig config) {
            if (config.behaviour().equals("throw")) {
                throw new IllegalStateException("the box is empty");
            }
            this.kit = kit;
            this.name = name;
            this.config = config;
        }

        @Override
        public Future<?> start() {
            diary.add("start " + name);
            kit.health()
                    .register(
                            name,
                            "battery",
                            () -> Future.succeededFuture(CheckResult.up().with("volts", 9)));
            return switch (config.behaviour()) {
                case "fail" -> Future.failedFuture("the battery is flat");
                case "hang" -> Promise.promise().future();
                default -> Future.succeededFuture();
            };
        }

        @Override
        public Future<?> stop() {
            diary.add("stop " + name);
            return config.behaviour().equals("hang-on-stop") ? Promise.promise().future() : Future.succeededFuture();
        }
    }
}
