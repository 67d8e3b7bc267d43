package io.tradewind.contracts.market;

import io.tradewind.contracts.wire.WireCodec;
import io.tradewind.contracts.wire.WireReader;
import io.tradewind.contracts.wire.WireWriter;
import java.util.List;

/** The wire form of the market-data messages. */
public final class MarketCodecs {

    private static final int VERSION = 1;

    private MarketCodecs() {}

    public static List<WireCodec<?>> all() {
        return List.of(new WireCodec<>(
                Quotes.class,
                VERSION,
                (out, m) -> out.writeList(m.quotes(), MarketCodecs::writeQuote),
                in -> new Quotes(in.readList(MarketCodecs::readQuote))));
    }

    private static void writeQuote(WireWriter out, Quote quote) {
        out.writeText(quote.symbol()).writeDecimal(quote.bid()).writeDecimal(quote.bidSize());
        out.writeDecimal(quote.ask()).writeDecimal(quote.askSize()).writeDecimal(quote.last());
        out.writeVarint(quote.timeMs());
    }

    private static Quote readQuote(WireReader in) {
        return new Quote(
                in.readText(),
                in.readDecimal(),
                in.readDecimal(),
                in.readDecimal(),
                in.readDecimal(),
                in.readDecimal(),
                in.readVarint());
    }
}
