package io.tradewind.contracts.market;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class AssetsTest {

    /** These stand in documents and in the hands of clients: they are the same in every release. */
    @Test
    void shouldGiveAnInstrumentTheSameIdForEver() {
        assertEquals("674d242a-0b04-3616-8ec5-3c7710d8ae0e", Assets.id("AAPL").toString());
        assertEquals(
                "a58501c5-747c-355a-a229-79416ae3bcca", Assets.id("BTC/USD").toString());
        assertEquals(3, Assets.id("AAPL").version());
    }

    @Test
    void shouldTellAPairFromAShare() {
        assertEquals("us_equity", Assets.assetClass("AAPL"));
        assertEquals("", Assets.exchange("AAPL"));
        assertEquals("crypto", Assets.assetClass("BTC/USD"));
        assertEquals("CRYPTO", Assets.exchange("BTC/USD"));
    }
}
