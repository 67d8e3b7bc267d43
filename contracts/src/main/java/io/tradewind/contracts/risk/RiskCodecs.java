package io.tradewind.contracts.risk;

import io.tradewind.contracts.Json;
import io.tradewind.contracts.orders.OrderCodecs;
import io.tradewind.contracts.wire.WireCodec;
import io.tradewind.contracts.wire.WireReader;
import io.tradewind.contracts.wire.WireWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The wire form of the risk messages. */
public final class RiskCodecs {

    private static final int VERSION = 1;

    private RiskCodecs() {}

    public static List<WireCodec<?>> all() {
        return List.of(
                new WireCodec<>(ChangeRisk.class, VERSION, RiskCodecs::writeChange, RiskCodecs::readChange),
                new WireCodec<>(RiskReply.class, VERSION, RiskCodecs::writeReply, RiskCodecs::readReply));
    }

    private static void writeChange(WireWriter out, ChangeRisk change) {
        out.writeEnum(change.what()).writeText(change.name());
        out.writeBoolean(change.changes() != null);
        if (change.changes() != null) {
            out.writeList(new ArrayList<>(change.changes().entrySet()), (w, entry) -> w.writeText(entry.getKey())
                    .writeText(entry.getValue()));
        }
        // One more than it is: a varint has no sign.
        out.writeBoolean(change.whole()).writeVarint(change.expectedVersion() + 1);
        out.writeText(change.reason()).writeText(change.actor()).writeText(change.correlationId());
    }

    private static ChangeRisk readChange(WireReader in) {
        ChangeRisk.What what = in.readEnum(ChangeRisk.What.class);
        String name = in.readText();
        Map<String, String> changes = null;
        if (in.readBoolean()) {
            Map<String, String> read = new LinkedHashMap<>();
            in.readList(r -> {
                read.put(r.readText(), r.readText());
                return r;
            });
            changes = read;
        }
        return new ChangeRisk(
                what,
                name,
                changes,
                in.readBoolean(),
                in.readVarint() - 1,
                in.readText(),
                in.readText(),
                in.readText());
    }

    private static void writeReply(WireWriter out, RiskReply reply) {
        out.writeBytes(reply.document() == null ? null : reply.document().bytes());
        OrderCodecs.writeDenial(out, reply.denial());
    }

    private static RiskReply readReply(WireReader in) {
        byte[] document = in.readBytes();
        return new RiskReply(document == null ? null : Json.ofBytes(document), OrderCodecs.readDenial(in));
    }
}
