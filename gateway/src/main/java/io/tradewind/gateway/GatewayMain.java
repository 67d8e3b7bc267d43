package io.tradewind.gateway;

import io.tradewind.contracts.MessageCodecs;
import io.tradewind.servicekit.ServiceDefinition;
import io.tradewind.servicekit.ServiceMain;

/** The gateway as a program of its own. */
public final class GatewayMain {

    /** How the gateway is run, here and in the all-in-one program. */
    public static final ServiceDefinition<GatewayConfig> SERVICE =
            new ServiceDefinition<>(GatewayConfig.SECTION, GatewayConfig.class, GatewayVerticle::new);

    private GatewayMain() {}

    public static void main(String[] args) {
        ServiceMain.run(SERVICE, vertx -> MessageCodecs.registerAll(vertx.eventBus()), args);
    }
}
