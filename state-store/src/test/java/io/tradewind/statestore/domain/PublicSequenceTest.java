package io.tradewind.statestore.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class PublicSequenceTest {

    private final PublicSequence sequence = new PublicSequence();

    @Test
    void shouldFollowEachDomainForItself() {
        sequence.begin(1, 41);
        assertEquals(40, sequence.next("order", 41), "since it began there was none");
        assertEquals(41, sequence.next("order", 42));
        assertEquals(40, sequence.next("position", 42));
        sequence.begin(1, 43);
        assertEquals(42, sequence.next("position", 43));
        assertEquals(42, sequence.next("order", 50));
    }

    @Test
    void shouldForgetWhatItPublishedBeforeAnotherOwnerMayHaveWritten() {
        sequence.begin(1, 10);
        sequence.next("order", 10);
        sequence.begin(3, 30);
        assertEquals(29, sequence.next("order", 31), "20 may have been of the other owner");
    }
}
