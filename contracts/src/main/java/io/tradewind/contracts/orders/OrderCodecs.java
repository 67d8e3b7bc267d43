package io.tradewind.contracts.orders;

import io.tradewind.contracts.Json;
import io.tradewind.contracts.wire.WireCodec;
import io.tradewind.contracts.wire.WireFormatException;
import io.tradewind.contracts.wire.WireReader;
import io.tradewind.contracts.wire.WireWriter;
import java.util.List;

/** The wire form of the order messages; each writes its components in their order. */
public final class OrderCodecs {

    private static final int VERSION = 1;

    /** Denials tell the rate limit that was used up since format 2. */
    private static final int DENIAL_VERSION = 2;

    /** 2: every type, class and price of an order. */
    private static final int PLACE_VERSION = 2;

    /** 2: replaces as well. */
    private static final int REFUSED_VERSION = 2;

    /** 2: with the order to close positions. */
    private static final int TRADING_STATE_VERSION = 2;

    private OrderCodecs() {}

    public static List<WireCodec<?>> all() {
        return List.of(
                new WireCodec<>(
                        PlaceOrders.class,
                        PLACE_VERSION,
                        (out, m) -> out.writeVarint(m.partition()).writeList(m.orders(), OrderCodecs::writePlace),
                        in -> new PlaceOrders(in.readInt(), in.readList(OrderCodecs::readPlace))),
                new WireCodec<>(
                        PlaceOrdersReply.class,
                        DENIAL_VERSION,
                        (out, m) -> out.writeList(m.results(), OrderCodecs::writeResult),
                        in -> new PlaceOrdersReply(in.readList(OrderCodecs::readResult))),
                new WireCodec<>(ReplaceOrder.class, VERSION, OrderCodecs::writeReplace, OrderCodecs::readReplace),
                new WireCodec<>(
                        ReplaceOrderReply.class,
                        VERSION,
                        (out, m) -> writeResult(out, m.result()),
                        in -> new ReplaceOrderReply(readResult(in))),
                new WireCodec<>(CancelOrders.class, VERSION, OrderCodecs::writeCancel, OrderCodecs::readCancel),
                new WireCodec<>(
                        CancelOrdersReply.class,
                        DENIAL_VERSION,
                        (out, m) -> out.writeList(m.results(), (w, r) -> {
                            w.writeText(r.orderId());
                            writeDenial(w, r.denial());
                        }),
                        in -> new CancelOrdersReply(
                                in.readList(r -> new CancelOrdersReply.Result(r.readText(), readDenial(r))))),
                new WireCodec<>(
                        OrdersRefused.class,
                        REFUSED_VERSION,
                        (out, m) -> out.writeVarint(m.partition()).writeList(m.refusals(), OrderCodecs::writeRefusal),
                        in -> new OrdersRefused(in.readInt(), in.readList(OrderCodecs::readRefusal))),
                new WireCodec<>(
                        FindOrders.class,
                        VERSION,
                        (out, m) -> out.writeVarint(m.partition())
                                .writeText(m.accountId())
                                .writeText(m.clientOrderId()),
                        in -> new FindOrders(in.readInt(), in.readText(), in.readText())),
                new WireCodec<>(
                        FoundOrders.class,
                        VERSION,
                        (out, m) -> out.writeList(m.orderIds(), WireWriter::writeText),
                        in -> new FoundOrders(in.readList(WireReader::readText))),
                new WireCodec<>(
                        Reconcile.class,
                        VERSION,
                        (out, m) -> out.writeBoolean(m.dryRun())
                                .writeText(m.actor())
                                .writeText(m.correlationId()),
                        in -> new Reconcile(in.readBoolean(), in.readText(), in.readText())),
                new WireCodec<>(
                        SetTradingState.class,
                        TRADING_STATE_VERSION,
                        (out, m) -> out.writeText(m.accountId())
                                .writeEnum(m.state())
                                .writeBoolean(m.cancelAll())
                                .writeBoolean(m.flatten())
                                .writeText(m.reason())
                                .writeText(m.actor())
                                .writeText(m.correlationId()),
                        in -> new SetTradingState(
                                in.readText(),
                                in.readEnum(TradingState.class),
                                in.readBoolean(),
                                in.readBoolean(),
                                in.readText(),
                                in.readText(),
                                in.readText())),
                new WireCodec<>(
                        TradingStateReply.class,
                        TRADING_STATE_VERSION,
                        (out, m) -> out.writeEnum(m.global())
                                .writeEnum(m.account())
                                .writeVarint(m.canceling())
                                .writeVarint(m.flattening()),
                        in -> new TradingStateReply(
                                in.readEnum(TradingState.class),
                                in.readEnum(TradingState.class),
                                in.readInt(),
                                in.readInt())),
                new WireCodec<>(
                        ClosePositions.class,
                        VERSION,
                        (out, m) -> out.writeVarint(m.partition())
                                .writeText(m.accountId())
                                .writeText(m.symbol())
                                .writeDecimal(m.qty())
                                .writeDecimal(m.percentage())
                                .writeBoolean(m.cancelOrders())
                                .writeText(m.actor())
                                .writeText(m.correlationId()),
                        in -> new ClosePositions(
                                in.readInt(),
                                in.readText(),
                                in.readText(),
                                in.readDecimal(),
                                in.readDecimal(),
                                in.readBoolean(),
                                in.readText(),
                                in.readText())),
                new WireCodec<>(
                        ClosePositionsReply.class,
                        VERSION,
                        (out, m) ->
                                out.writeList(m.results(), (w, r) -> writeResult(w.writeText(r.symbol()), r.order())),
                        in -> new ClosePositionsReply(
                                in.readList(r -> new ClosePositionsReply.Result(r.readText(), readResult(r))))));
    }

    private static void writePlace(WireWriter out, PlaceOrder order) {
        out.writeText(order.accountId()).writeText(order.clientOrderId());
        writeTerms(out, order.terms());
        out.writeText(order.source()).writeText(order.correlationId());
    }

    private static PlaceOrder readPlace(WireReader in) {
        return new PlaceOrder(in.readText(), in.readText(), readTerms(in), in.readText(), in.readText());
    }

    private static void writeTerms(WireWriter out, OrderTerms terms) {
        out.writeText(terms.symbol()).writeDecimal(terms.qty()).writeDecimal(terms.notional());
        out.writeEnum(terms.side()).writeEnum(terms.type()).writeEnum(terms.timeInForce());
        out.writeDecimal(terms.limitPrice()).writeDecimal(terms.stopPrice());
        out.writeDecimal(terms.trailPrice()).writeDecimal(terms.trailPercent());
        OrderExits exits = terms.exits();
        out.writeEnum(exits.orderClass());
        if (exits.orderClass() != OrderClass.SIMPLE) {
            out.writeDecimal(exits.takeProfitLimitPrice());
            out.writeDecimal(exits.stopLossStopPrice()).writeDecimal(exits.stopLossLimitPrice());
        }
        out.writeEnum(terms.priority());
    }

    private static OrderTerms readTerms(WireReader in) {
        return new OrderTerms(
                in.readText(),
                in.readDecimal(),
                in.readDecimal(),
                in.readEnum(Side.class),
                in.readEnum(OrderType.class),
                in.readEnum(TimeInForce.class),
                in.readDecimal(),
                in.readDecimal(),
                in.readDecimal(),
                in.readDecimal(),
                readExits(in),
                in.readEnum(Priority.class));
    }

    private static OrderExits readExits(WireReader in) {
        OrderClass orderClass = in.readEnum(OrderClass.class);
        return orderClass == OrderClass.SIMPLE
                ? OrderExits.NONE
                : new OrderExits(orderClass, in.readDecimal(), in.readDecimal(), in.readDecimal());
    }

    private static void writeReplace(WireWriter out, ReplaceOrder m) {
        out.writeVarint(m.partition()).writeText(m.accountId()).writeText(m.orderId());
        OrderEdit edit = m.edit();
        out.writeText(m.clientOrderId()).writeDecimal(edit.qty()).writeEnum(edit.timeInForce());
        out.writeDecimal(edit.limitPrice()).writeDecimal(edit.stopPrice()).writeDecimal(edit.trail());
        out.writeText(m.source()).writeText(m.correlationId());
    }

    private static ReplaceOrder readReplace(WireReader in) {
        return new ReplaceOrder(
                in.readInt(),
                in.readText(),
                in.readText(),
                in.readText(),
                new OrderEdit(
                        in.readDecimal(),
                        in.readEnum(TimeInForce.class),
                        in.readDecimal(),
                        in.readDecimal(),
                        in.readDecimal()),
                in.readText(),
                in.readText());
    }

    private static void writeResult(WireWriter out, PlaceResult result) {
        if (result instanceof PlaceResult.Accepted accepted) {
            out.writeByte(0).writeBytes(accepted.order().bytes());
        } else if (result instanceof PlaceResult.Existing existing) {
            out.writeByte(1).writeBytes(existing.order().bytes());
        } else if (result instanceof PlaceResult.Denied denied) {
            writeDenial(out.writeByte(2), denied.denial());
        } else if (result instanceof PlaceResult.Unknown unknown) {
            out.writeByte(3).writeText(unknown.reason());
        }
    }

    private static PlaceResult readResult(WireReader in) {
        int kind = in.readByte();
        return switch (kind) {
            case 0 -> new PlaceResult.Accepted(Json.ofBytes(in.readBytes()));
            case 1 -> new PlaceResult.Existing(Json.ofBytes(in.readBytes()));
            case 2 -> new PlaceResult.Denied(readDenial(in));
            case 3 -> new PlaceResult.Unknown(in.readText());
            default -> throw new WireFormatException("place result of kind " + kind);
        };
    }

    private static void writeRefusal(WireWriter out, OrdersRefused.Refusal refusal) {
        out.writeEnum(refusal.request()).writeText(refusal.accountId()).writeText(refusal.what());
        writeDenial(out, refusal.denial());
        out.writeText(refusal.actor()).writeText(refusal.correlationId());
    }

    private static OrdersRefused.Refusal readRefusal(WireReader in) {
        return new OrdersRefused.Refusal(
                in.readEnum(OrdersRefused.Request.class),
                in.readText(),
                in.readText(),
                readDenial(in),
                in.readText(),
                in.readText());
    }

    /** A denial, or none. */
    public static void writeDenial(WireWriter out, Denial denial) {
        out.writeBoolean(denial != null);
        if (denial != null) {
            out.writeEnum(denial.code()).writeText(denial.message()).writeText(denial.field());
            out.writeVarint(denial.retryAfterMs());
            RateLimit rate = denial.rateLimit();
            out.writeBoolean(rate != null);
            if (rate != null) {
                out.writeVarint(rate.limit()).writeVarint(rate.resetAtMs());
            }
        }
    }

    /** What {@link #writeDenial} wrote. */
    public static Denial readDenial(WireReader in) {
        return in.readBoolean()
                ? new Denial(in.readEnum(DenialCode.class), in.readText(), in.readText(), in.readVarint(), readRate(in))
                : null;
    }

    private static RateLimit readRate(WireReader in) {
        return in.readBoolean() ? new RateLimit(in.readInt(), in.readVarint()) : null;
    }

    private static void writeCancel(WireWriter out, CancelOrders cancel) {
        out.writeVarint(cancel.partition()).writeText(cancel.accountId());
        out.writeList(cancel.orderIds(), WireWriter::writeText);
        out.writeText(cancel.actor()).writeText(cancel.correlationId());
    }

    private static CancelOrders readCancel(WireReader in) {
        return new CancelOrders(
                in.readInt(), in.readText(), in.readList(WireReader::readText), in.readText(), in.readText());
    }
}
