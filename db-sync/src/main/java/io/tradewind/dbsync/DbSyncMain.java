package io.tradewind.dbsync;

import io.tradewind.contracts.MessageCodecs;
import io.tradewind.servicekit.ServiceDefinition;
import io.tradewind.servicekit.ServiceMain;

/** Runs db-sync as a process of its own. */
public final class DbSyncMain {

    public static final ServiceDefinition<DbSyncConfig> SERVICE =
            new ServiceDefinition<>("db-sync", DbSyncConfig.class, DbSyncVerticle::new);

    private DbSyncMain() {}

    public static void main(String[] args) {
        ServiceMain.run(SERVICE, vertx -> MessageCodecs.registerAll(vertx.eventBus()), args);
    }
}
