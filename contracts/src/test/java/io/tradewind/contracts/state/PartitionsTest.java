package io.tradewind.contracts.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The numbers here are part of the data format: another number means that stored state is not found any more. They were
 * worked out with another implementation of CRC-32C.
 */
class PartitionsTest {

    @Test
    void shouldHaveSixteen() {
        assertEquals(16, Partitions.COUNT);
    }

    @ParameterizedTest
    @CsvSource({
        "paper,11",
        "default,5",
        "alice,14",
        "bob,4",
        "market,12",
        "global,10",
        "account-1,1",
        "account-2,5",
        "PA3ABCDEF,5",
        "Zürich,8",
        "株式,14",
        "🚀,10",
        "0,0",
        "strategy:sma-cross,12",
        "a#1,0"
    })
    void shouldNeverMoveAKey(String key, int partition) {
        assertEquals(partition, Partitions.of(key));
        assertEquals(partition, new EntityKey("order", key, "1").partition());
    }

    @Test
    void shouldTakeTheEmptyKey() {
        assertEquals(0, Partitions.of(""));
    }

    @Test
    void shouldSpreadKeys() {
        int[] counts = new int[Partitions.COUNT];
        for (int i = 0; i < 16_000; i++) {
            counts[Partitions.of("account-" + i)]++;
        }
        for (int count : counts) {
            assertTrue(count > 800 && count < 1_200, count + " of 1000 expected");
        }
    }

    @Test
    void shouldPinAKeyToAPartition() {
        for (int p = 0; p < Partitions.COUNT; p++) {
            assertEquals("#" + p, Partitions.pinnedKey(p));
            assertEquals(p, Partitions.of(Partitions.pinnedKey(p)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"#", "#16", "#-1", "#x", "#1 ", "# 1", "#99999999999", "##1"})
    void shouldRefuseAPinnedKeyOfNoPartition(String key) {
        assertThrows(IllegalArgumentException.class, () -> Partitions.of(key));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 16, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void shouldNameANumberOutOfRange(int partition) {
        String message = assertThrows(IllegalArgumentException.class, () -> Partitions.check(partition))
                .getMessage();
        assertEquals("partition " + partition + ": must be within 0..15", message);
    }

    @Test
    void shouldKeepBothKeysOfAPartitionInOneHashSlot() {
        assertEquals("tradewind:{7}:log", LogKeys.log(7));
        assertEquals("tradewind:{7}:head", LogKeys.head(7));
        assertEquals("42-0", LogKeys.entryId(42));
        assertEquals(42, LogKeys.version(LogKeys.entryId(42)));
        assertEquals(42, LogKeys.version("42"));
        assertEquals(Long.MAX_VALUE, LogKeys.version(LogKeys.entryId(Long.MAX_VALUE)));
    }
}
