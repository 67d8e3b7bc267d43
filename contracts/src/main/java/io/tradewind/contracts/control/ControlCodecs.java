package io.tradewind.contracts.control;

import io.tradewind.contracts.Json;
import io.tradewind.contracts.wire.WireCodec;
import io.tradewind.contracts.wire.WireReader;
import io.tradewind.contracts.wire.WireWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The wire form of the messages that steer and watch services, and of a bare JSON document as their answer. */
public final class ControlCodecs {

    private static final int VERSION = 1;

    private ControlCodecs() {}

    public static List<WireCodec<?>> all() {
        return List.of(
                new WireCodec<>(
                        Json.class, VERSION, (out, m) -> out.writeBytes(m.bytes()), in -> Json.ofBytes(in.readBytes())),
                new WireCodec<>(StatusQuery.class, VERSION, (out, m) -> {}, in -> new StatusQuery()),
                new WireCodec<>(
                        StrategyCommand.class, VERSION, ControlCodecs::writeCommand, ControlCodecs::readCommand));
    }

    private static void writeCommand(WireWriter out, StrategyCommand command) {
        out.writeEnum(command.verb()).writeText(command.name()).writeText(command.accountId());
        out.writeList(List.copyOf(command.parameters().entrySet()), (w, entry) -> w.writeText(entry.getKey())
                .writeText(entry.getValue()));
    }

    private static StrategyCommand readCommand(WireReader in) {
        StrategyCommand.Verb verb = in.readEnum(StrategyCommand.Verb.class);
        String name = in.readText();
        String accountId = in.readText();
        Map<String, String> parameters = new LinkedHashMap<>();
        in.readList(r -> parameters.put(r.readText(), r.readText()));
        return new StrategyCommand(verb, name, accountId, parameters);
    }
}
