package io.tradewind.contracts;

import io.tradewind.contracts.control.ControlCodecs;
import io.tradewind.contracts.market.MarketCodecs;
import io.tradewind.contracts.orders.OrderCodecs;
import io.tradewind.contracts.risk.RiskCodecs;
import io.tradewind.contracts.state.StateCodecs;
import io.tradewind.contracts.wire.WireCodec;
import io.vertx.core.eventbus.EventBus;
import java.util.List;
import java.util.stream.Stream;

/** Makes all messages known to an event bus: once per Vert.x, before anything is deployed. */
public final class MessageCodecs {

    private MessageCodecs() {}

    /** @throws IllegalStateException when called twice for one event bus */
    public static void registerAll(EventBus bus) {
        all().forEach(codec -> register(bus, codec));
    }

    /** Every message codec. */
    public static List<WireCodec<?>> all() {
        return Stream.of(
                        StateCodecs.all(), OrderCodecs.all(), RiskCodecs.all(), MarketCodecs.all(), ControlCodecs.all())
                .flatMap(List::stream)
                .toList();
    }

    private static <T> void register(EventBus bus, WireCodec<T> codec) {
        bus.registerDefaultCodec(codec.type(), codec);
    }
}
