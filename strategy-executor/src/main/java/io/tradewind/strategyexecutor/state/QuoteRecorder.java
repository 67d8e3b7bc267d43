package io.tradewind.strategyexecutor.state;

import io.tradewind.contracts.market.Quote;
import io.tradewind.contracts.state.Domains;
import io.tradewind.contracts.state.EntityKey;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.Map;

/**
 * Keeps the latest quote of each instrument in the {@code market} domain. The bus carries every quote; the log only
 * needs one now and then. Belongs to one event loop; whoever owns it calls {@link #store()} at intervals.
 */
public final class QuoteRecorder {

    private final RelaxedPuts puts;
    private final Map<String, Quote> latest = new HashMap<>();
    private final Map<String, Quote> stored = new HashMap<>();

    public QuoteRecorder(RelaxedPuts puts) {
        this.puts = puts;
    }

    public void onQuote(Quote quote) {
        latest.put(quote.symbol(), quote);
    }

    /** Writes those that say something else than what was written last. Never fails. */
    public Future<Void> store() {
        for (Quote quote : latest.values()) {
            Quote before = stored.put(quote.symbol(), quote);
            if (before == null || !sameMarket(before, quote)) {
                puts.put(new EntityKey(Domains.MARKET, Domains.MARKET_KEY, quote.symbol()), quote.toJson());
            }
        }
        latest.clear();
        return puts.flush();
    }

    public String trouble() {
        return puts.trouble();
    }

    private static boolean sameMarket(Quote a, Quote b) {
        return a.bid().compareTo(b.bid()) == 0
                && a.ask().compareTo(b.ask()) == 0
                && a.last().compareTo(b.last()) == 0
                && a.bidSize().compareTo(b.bidSize()) == 0
                && a.askSize().compareTo(b.askSize()) == 0;
    }
}
