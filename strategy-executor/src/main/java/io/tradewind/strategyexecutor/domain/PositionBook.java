package io.tradewind.strategyexecutor.domain;

import java.math.BigDecimal;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The positions of one account, as far as stored. Written by one caller at a time, read by any thread. What is older
 * than what it has is ignored, so that a fresh reading and changes may come in any order.
 */
public final class PositionBook {

    private record Held(long version, BigDecimal qty) {}

    private final Map<String, Held> bySymbol = new ConcurrentHashMap<>();

    /** Units held; negative when short, zero when there is no position. */
    public BigDecimal qty(String symbol) {
        Held held = bySymbol.get(symbol);
        return held == null ? BigDecimal.ZERO : held.qty();
    }

    /**
     * A position changed.
     *
     * @param version the partition version that changed it
     * @param qty zero when it is closed
     */
    public void changed(String symbol, long version, BigDecimal qty) {
        Held news = new Held(version, qty);
        bySymbol.merge(symbol, news, (old, changed) -> changed.version() >= old.version() ? changed : old);
    }

    /** A complete reading at {@code version} had these symbols: the others are closed, unless they changed later. */
    public void onlyThese(Set<String> symbols, long version) {
        bySymbol.forEach((symbol, held) -> {
            if (!symbols.contains(symbol)) {
                changed(symbol, version, BigDecimal.ZERO);
            }
        });
    }
}
