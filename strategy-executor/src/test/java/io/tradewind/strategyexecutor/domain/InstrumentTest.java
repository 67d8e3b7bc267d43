package io.tradewind.strategyexecutor.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class InstrumentTest {

    @Test
    void shouldKnowTheUsualOnesAndTakeOthersWithAPrice() {
        assertEquals("AAPL", Instrument.parse("AAPL").symbol());
        assertEquals(250, Instrument.parse("TSLA:250").startPrice());
        assertEquals("SOL/USD", Instrument.parse("SOL/USD:180.5").symbol());
    }

    @Test
    void shouldSayWhatToDoAboutOneItDoesNotKnow() {
        String message = assertThrows(IllegalArgumentException.class, () -> Instrument.parse("TSLA"))
                .getMessage();
        assertTrue(message.contains("TSLA:100"), message);
        assertThrows(IllegalArgumentException.class, () -> Instrument.parse("TSLA:abc"));
        assertThrows(IllegalArgumentException.class, () -> Instrument.parse("TSLA:-1"));
        assertThrows(IllegalArgumentException.class, () -> Instrument.parse("TSLA:NaN"));
        assertThrows(IllegalArgumentException.class, () -> Instrument.parse(":5"));
    }
}
