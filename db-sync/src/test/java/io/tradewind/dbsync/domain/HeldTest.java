package io.tradewind.dbsync.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class HeldTest {

    private final Held held = new Held();

    @Test
    void shouldCountWhatIsHeldAndTheMostOfIt() {
        Held.Share one = held.take(List.of(read(100), read(20)));
        Held.Share two = held.take(List.of(read(7)));
        one.becomes(batch(5));
        two.becomes(batch(2));
        assertEquals(127, held.bytes());
        assertEquals(7, held.transactions());

        one.letGo();
        one.letGo();
        assertEquals(7, held.bytes());
        assertEquals(2, held.transactions());
        two.letGo();

        assertEquals(0, held.bytes());
        assertEquals(0, held.transactions());
        assertEquals(127, held.mostBytes());
        assertEquals(7, held.mostTransactions());
    }

    private static PartitionRead read(int bytes) {
        return new PartitionRead(0, 1, List.of(new LogEntry(1, new byte[bytes])), false);
    }

    private static Batch batch(int transactions) {
        return new Batch(
                List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), transactions, transactions, 0, false);
    }
}
