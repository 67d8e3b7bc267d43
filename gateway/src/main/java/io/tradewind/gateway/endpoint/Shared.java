package io.tradewind.gateway.endpoint;

import io.tradewind.gateway.GatewayConfig;
import io.tradewind.gateway.GatewayMeters;
import io.tradewind.gateway.domain.KeyRing;
import io.tradewind.gateway.domain.UsedTickets;
import io.tradewind.servicekit.ServiceKit;

/**
 * What all HTTP instances of a gateway share. All of it may be used from any thread.
 *
 * @param port the one claimed
 */
public record Shared(
        ServiceKit kit,
        GatewayConfig config,
        int port,
        KeyRing keys,
        UsedTickets usedTickets,
        StaticFiles files,
        GatewayMeters meters) {}
