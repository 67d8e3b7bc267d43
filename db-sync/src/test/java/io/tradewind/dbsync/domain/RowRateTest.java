package io.tradewind.dbsync.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class RowRateTest {

    private static final long T0 = 1_790_000_000_000L;

    private final RowRate rate = new RowRate();

    @Test
    void shouldBeZeroBeforeTheFirstRow() {
        assertEquals(0, rate.perSecond(T0));
    }

    @Test
    void shouldSpreadRowsOverTheLastSeconds() {
        for (int second = 0; second < RowRate.SECONDS; second++) {
            rate.add(T0 + second * 1_000L, 300);
        }

        assertEquals(300, rate.perSecond(T0 + (RowRate.SECONDS - 1) * 1_000L));
    }

    @Test
    void shouldForgetSecondBySecond() {
        rate.add(T0, 100);
        rate.add(T0 + 1_000, 900);

        assertEquals(100, rate.perSecond(T0 + 9_999));
        assertEquals(90, rate.perSecond(T0 + 10_000));
        assertEquals(0, rate.perSecond(T0 + 11_000));
    }

    @Test
    void shouldForgetAllAfterALongPause() {
        rate.add(T0, 1_000_000);

        assertEquals(0, rate.perSecond(T0 + 3_600_000));

        rate.add(T0 + 3_600_000, 50);
        assertEquals(5, rate.perSecond(T0 + 3_600_000));
    }

    @Test
    void shouldTakeAClockThatGoesBackForOneThatStandsStill() {
        rate.add(T0 + 5_000, 100);
        rate.add(T0, 100);

        assertEquals(20, rate.perSecond(T0 + 5_000));
        assertEquals(20, rate.perSecond(T0 + 1_000));
    }
}
