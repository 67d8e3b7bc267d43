package io.tradewind.dbsync.domain;

import static io.tradewind.dbsync.TestLog.order;
import static io.tradewind.dbsync.TestLog.position;
import static io.tradewind.dbsync.TestLog.put;
import static io.tradewind.dbsync.TestLog.quote;
import static io.tradewind.dbsync.TestLog.tx;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.contracts.JsonObjects;
import io.tradewind.contracts.state.CommittedTransaction;
import io.tradewind.contracts.state.Domains;
import io.tradewind.contracts.state.LogCodec;
import io.tradewind.contracts.state.schema.Migration;
import io.tradewind.contracts.state.schema.Schemas;
import io.tradewind.dbsync.TestLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BatchAssemblerTest {

    private static final BatchLimits WIDE = new BatchLimits(1_000, 1 << 20);

    private final LogCodec codec = new LogCodec();
    private BatchAssembler assembler = new BatchAssembler(WIDE);

    @AfterEach
    void close() {
        assembler.close();
        codec.close();
    }

    @Test
    void shouldSortChangesIntoTablesInKeyOrder() {
        Batch batch = assemble(
                Offsets.none(),
                read(
                        5,
                        entry(
                                tx(1, order("B", "2", "new", "0"), quote("AAPL", "187.20")),
                                tx(
                                        2,
                                        order("A", "9", "new", "0"),
                                        order("B", "1", "new", "0"),
                                        position("A", "AAPL", "1")))));

        assertEquals(List.of(new Advance(5, 0, 2, TestLog.T0 + 2)), batch.advances());
        assertEquals(
                List.of("orders", "positions", "quotes"),
                batch.ops().stream().map(op -> op.table().table()).toList());
        assertEquals(
                List.of("A/9", "B/1", "B/2"),
                batch.ops().get(0).rows().stream()
                        .map(row -> row.change().key().partitionKey() + "/"
                                + row.change().key().id())
                        .toList());
        assertEquals(2, batch.transactions());
        assertEquals(5, batch.mutations());
        assertFalse(batch.backlog());
    }

    @Test
    void shouldSkipWhatIsWrittenAlreadyWithinAnEntry() {
        Batch batch = assemble(
                Offsets.none().with(0, 2),
                read(
                        0,
                        entry(
                                tx(1, order("A", "1", "new", "0")),
                                tx(2, order("A", "2", "new", "0")),
                                tx(3, order("A", "3", "new", "0")))));

        assertEquals(List.of(new Advance(0, 2, 3, TestLog.T0 + 3)), batch.advances());
        assertEquals(1, batch.rows());
    }

    @Test
    void shouldCutAtTheLimitEvenWithinAnEntryAndTakeTurns() {
        assembler.close();
        assembler = new BatchAssembler(new BatchLimits(3, 1 << 20));

        Batch batch = assemble(
                Offsets.none(),
                read(
                        1,
                        entry(tx(1, order("A", "1", "new", "0")), tx(2, order("A", "2", "new", "0"))),
                        entry(tx(3, order("A", "3", "new", "0")))),
                read(2, entry(tx(1, order("B", "1", "new", "0")), tx(2, order("B", "2", "new", "0")))));

        assertEquals(
                List.of(new Advance(1, 0, 2, TestLog.T0 + 2), new Advance(2, 0, 1, TestLog.T0 + 1)), batch.advances());
        assertTrue(batch.backlog());
    }

    @Test
    void shouldTakeAtLeastOneTransactionHoweverLarge() {
        assembler.close();
        assembler = new BatchAssembler(new BatchLimits(10, 1));

        Batch batch = assemble(
                Offsets.none(), read(0, entry(tx(1, order("A", "1", "new", "0")), tx(2, order("A", "2", "new", "0")))));

        assertEquals(List.of(new Advance(0, 0, 1, TestLog.T0 + 1)), batch.advances());
        assertTrue(batch.backlog());
    }

    @Test
    void shouldStopAtAGapAndLetTheOthersGoOn() {
        Batch batch = assemble(
                Offsets.none(),
                read(0, entry(tx(1, order("A", "1", "new", "0"))), entry(tx(3, order("A", "3", "new", "0")))),
                read(1, entry(tx(1, order("B", "1", "new", "0")))));

        assertEquals(
                List.of(new Advance(0, 0, 1, TestLog.T0 + 1), new Advance(1, 0, 1, TestLog.T0 + 1)), batch.advances());
        assertEquals(Fault.Kind.GAP, batch.faults().get(0).kind());
        assertTrue(batch.faults().get(0).message().contains("version 2 is missing"), batch.faults()::toString);
        assertFalse(batch.backlog(), "a partition that stands is no reason to hurry");
    }

    @Test
    void shouldSayThatAnEntryIsDamaged() {
        byte[] torn = Arrays.copyOf(codec.encode(List.of(tx(1, order("A", "1", "new", "0")))), 20);

        Batch batch = assemble(Offsets.none(), new PartitionRead(4, 1, List.of(new LogEntry(1, torn)), false));

        assertTrue(batch.isEmpty());
        assertEquals(Fault.Kind.DAMAGED, batch.faults().get(0).kind());
        assertTrue(batch.faults().get(0).message().contains("entry 1-0"), batch.faults()::toString);
    }

    @Test
    void shouldSayThatAnEntryIsNotWhatItsIdSays() {
        byte[] body = codec.encode(List.of(tx(1, order("A", "1", "new", "0"))));

        Batch batch = assemble(Offsets.none(), new PartitionRead(4, 2, List.of(new LogEntry(2, body)), false));

        assertEquals(Fault.Kind.DAMAGED, batch.faults().get(0).kind());
    }

    @Test
    void shouldSayThatTheLogIsBehindPostgres() {
        Batch batch = assemble(Offsets.none().with(7, 9), new PartitionRead(7, 4, List.of(), false));

        assertEquals(Fault.Kind.LOG_BEHIND, batch.faults().get(0).kind());
    }

    @Test
    void shouldSayThatTheLogWasTrimmedAway() {
        Batch batch = assemble(Offsets.none().with(7, 9), new PartitionRead(7, 12, List.of(), false));

        assertEquals(Fault.Kind.TRIMMED, batch.faults().get(0).kind());
    }

    @Test
    void shouldSetAsideADocumentThatDoesNotFit() {
        Batch batch = assemble(
                Offsets.none(),
                read(
                        0,
                        entry(tx(
                                1,
                                put(Domains.ORDER, "A", "1", "{\"qty\":\"ten\"}"),
                                put(Domains.ORDER, "A", "2", "[]"),
                                order("A", "3", "new", "0")))));

        assertEquals(1, batch.rows());
        assertEquals(2, batch.deadLetters().size());
        assertTrue(batch.deadLetters().get(0).reason().contains("column qty: 'ten'"), batch.deadLetters()::toString);
    }

    /** The log of an account as the program wrote it when positions were in schema 1. */
    @Test
    void shouldWriteAnOldLogInTheShapeOfToday() throws IOException {
        Path old = Path.of("..", "contracts", "src", "test", "resources", "golden", "log-entry-positions-v1.hex");
        byte[] body = HexFormat.of()
                .parseHex(Files.readAllLines(old).stream()
                        .filter(line -> !line.startsWith("#"))
                        .collect(Collectors.joining()));

        Batch batch = assemble(Offsets.none(), read(3, new LogEntry(5, body)));

        assertEquals(List.of(new Advance(3, 0, 5, 1_795_186_800_004L)), batch.advances());
        assertEquals(List.of(), batch.deadLetters());
        assertEquals(List.of(), batch.faults());
        Row position = batch.ops().stream()
                .filter(op -> op.table().table().equals("positions"))
                .findFirst()
                .orElseThrow()
                .rows()
                .get(0);
        assertEquals("-0.004303012", JsonObjects.read(position.change().json()).get("unrealized_plpc"));
        assertEquals(5, position.change().version());
    }

    @Test
    void shouldWaitAtADocumentThatCannotBeMigratedAndLetTheOthersGoOn() {
        byte[] bad;
        byte[] newer;
        List<CommittedTransaction> position = List.of(tx(1, put(Domains.POSITION, "A", "AAPL", "{}")));
        Migration later = new Migration(Domains.ORDER, 1, "comes later", document -> {});
        try (LogCodec old = new LogCodec(new Schemas(List.of()));
                LogCodec next = new LogCodec(new Schemas(List.of(later)))) {
            bad = old.encode(position);
            newer = next.encode(List.of(tx(1, order("B", "1", "new", "0"))));
        }

        Batch batch = assemble(
                Offsets.none(),
                read(0, new LogEntry(1, bad)),
                read(1, new LogEntry(1, newer)),
                read(2, entry(tx(1, order("C", "1", "new", "0")))));

        assertEquals(List.of(new Advance(2, 0, 1, TestLog.T0 + 1)), batch.advances());
        assertEquals(
                List.of(Fault.Kind.SCHEMA, Fault.Kind.SCHEMA),
                batch.faults().stream().map(Fault::kind).toList());
        String first = batch.faults().get(0).message();
        assertTrue(first.contains("log entry 1-0: position/A/AAPL cannot be brought"), first);
        assertTrue(first.contains("symbol is missing"), first);
        String second = batch.faults().get(1).message();
        assertTrue(second.contains("domain 'order' have schema version 2"), second);
    }

    private Batch assemble(Offsets offsets, PartitionRead... reads) {
        return assembler.assemble(offsets, List.of(reads));
    }

    private static PartitionRead read(int partition, LogEntry... entries) {
        return new PartitionRead(partition, entries[entries.length - 1].version(), List.of(entries), false);
    }

    private LogEntry entry(CommittedTransaction... transactions) {
        return new LogEntry(transactions[transactions.length - 1].version(), codec.encode(List.of(transactions)));
    }
}
