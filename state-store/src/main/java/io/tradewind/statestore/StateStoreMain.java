package io.tradewind.statestore;

import io.tradewind.contracts.MessageCodecs;
import io.tradewind.servicekit.ServiceDefinition;
import io.tradewind.servicekit.ServiceMain;

/** The state-store as a process of its own. */
public final class StateStoreMain {

    public static final ServiceDefinition<StateStoreConfig> SERVICE =
            new ServiceDefinition<>("state-store", StateStoreConfig.class, StateStoreVerticle::assemble);

    private StateStoreMain() {}

    public static void main(String[] args) {
        ServiceMain.run(SERVICE, vertx -> MessageCodecs.registerAll(vertx.eventBus()), args);
    }
}
