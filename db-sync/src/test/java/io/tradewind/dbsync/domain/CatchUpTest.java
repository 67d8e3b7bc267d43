package io.tradewind.dbsync.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;

class CatchUpTest {

    private final CatchUp catchUp = new CatchUp();

    @Test
    void shouldSayNothingWhileNothingIsBehind() {
        assertNull(catchUp.progress());

        catchUp.onBatch(1_000, false, 50, 0);

        assertNull(catchUp.progress());
    }

    @Test
    void shouldAddUpWhatWasWrittenSinceItFellBehind() {
        catchUp.onBatch(1_000, true, 50, 950);
        assertEquals(new CatchUp.Progress(1_000, 50, 950), catchUp.progress());
        assertEquals(5, catchUp.progress().percent());

        catchUp.onBatch(2_000, true, 450, 500);

        assertEquals(new CatchUp.Progress(1_000, 500, 500), catchUp.progress());
        assertEquals(50, catchUp.progress().percent());
    }

    @Test
    void shouldCountWhatCameMeanwhileAsStillMissing() {
        catchUp.onBatch(1_000, true, 500, 500);
        catchUp.onBatch(2_000, true, 100, 1_400);

        assertEquals(30, catchUp.progress().percent());
    }

    @Test
    void shouldBeginAnewTheNextTime() {
        catchUp.onBatch(1_000, true, 500, 500);
        catchUp.onBatch(2_000, false, 500, 0);
        assertNull(catchUp.progress());

        catchUp.onBatch(9_000, true, 10, 90);

        assertEquals(new CatchUp.Progress(9_000, 10, 90), catchUp.progress());
    }

    @Test
    void shouldBeDoneWhenNothingIsLeft() {
        assertEquals(100, new CatchUp.Progress(1, 0, 0).percent());
        assertEquals(100, new CatchUp.Progress(1, 7, 0).percent());
        assertEquals(0, new CatchUp.Progress(1, 0, 7).percent());
    }
}
