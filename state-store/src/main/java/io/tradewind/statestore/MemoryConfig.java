package io.tradewind.statestore;

import io.tradewind.servicekit.config.Check;
import io.tradewind.servicekit.config.DataSize;
import io.tradewind.servicekit.config.Doc;
import java.time.Duration;

/** Configuration of the memory that the state may take. */
@Doc("Memory that the state may take, and what is done when it becomes scarce.")
public record MemoryConfig(
        @Doc("Heap for the entities of all partitions; 0B is half of the heap that Java may take. 0B or 1MiB..64TiB.")
        DataSize budget,

        @Doc("How long an entity rests before it is compressed. 1s..30d.")
        Duration compressAfter,

        @Doc("Part of the budget from which on everything that rests is compressed. 0.05..1.")
        Double compressAt,

        @Doc("Part of the budget from which on retention windows shrink to state-store.retention.minimum."
                + " compress-at..1.")
        Double evictAt,

        @Doc("Part of the budget from which on relaxed writes are refused; durable ones never are. evict-at..2.")
        Double refuseAt) {

    static final DataSize DEFAULT_BUDGET = new DataSize(0);
    static final Duration DEFAULT_COMPRESS_AFTER = Duration.ofMinutes(10);
    static final double DEFAULT_COMPRESS_AT = 0.6;
    static final double DEFAULT_EVICT_AT = 0.75;
    static final double DEFAULT_REFUSE_AT = 0.9;

    public MemoryConfig {
        budget = Check.orDefault(budget, DEFAULT_BUDGET);
        if (budget.bytes() != 0) {
            budget = Check.inRange("budget", budget, DataSize.ofMiB(1), DataSize.ofGiB(64 * 1024));
        }
        compressAfter = Check.inRange(
                "compress-after",
                Check.orDefault(compressAfter, DEFAULT_COMPRESS_AFTER),
                Duration.ofSeconds(1),
                Duration.ofDays(30));
        compressAt = Check.inRange("compress-at", Check.orDefault(compressAt, DEFAULT_COMPRESS_AT), 0.05, 1);
        evictAt = Check.inRange("evict-at", Check.orDefault(evictAt, DEFAULT_EVICT_AT), compressAt, 1);
        refuseAt = Check.inRange("refuse-at", Check.orDefault(refuseAt, DEFAULT_REFUSE_AT), evictAt, 2);
    }

    /** The budget in bytes, resolved. */
    long budgetBytes() {
        return budget.bytes() != 0 ? budget.bytes() : Runtime.getRuntime().maxMemory() / 2;
    }
}
