package io.tradewind.contracts.market;

import java.time.LocalDate;

/** When a market is open. Pure, immutable, safe for any thread. */
public interface MarketCalendar {

    /**
     * A span in which the market is open without a break.
     *
     * @param day whose session it is
     * @param openMs its first moment, milliseconds since the epoch
     * @param closeMs the first moment after it
     */
    record Session(LocalDate day, long openMs, long closeMs) {

        public boolean isOpen(long ms) {
            return ms >= openMs && ms < closeMs;
        }
    }

    /** The session that is open at a moment, or else the next one to open. */
    Session sessionAt(long ms);

    /** The session behind another. */
    default Session after(Session session) {
        return sessionAt(session.closeMs());
    }

    /** Always open; a session is a trading day, and the next one begins where it ends. */
    static MarketCalendar alwaysOpen(TradingDays days) {
        return ms -> {
            LocalDate day = days.of(ms);
            return new Session(day, days.startOf(ms), days.endOf(ms));
        };
    }
}
