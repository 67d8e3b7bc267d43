package io.tradewind.statestore.endpoint;

import io.tradewind.statestore.domain.RetentionRules;

/**
 * What is done about memory, and when.
 *
 * @param budgetBytes heap for the entities of all partitions
 * @param compressAt part of the budget from which on everything that rests is compressed
 * @param evictAt part of the budget from which on retention windows shrink to {@code minimumMs}
 * @param refuseAt part of the budget from which on relaxed writes are refused
 * @param compressAfterMs how long an entity rests before it is compressed, in milliseconds
 * @param retention what may leave when the database has it
 * @param minimumMs longest retention window when memory is scarce, in milliseconds
 * @param cleanEveryMs pause between two looks for what may leave, in milliseconds
 */
public record MemoryPolicy(
        long budgetBytes,
        double compressAt,
        double evictAt,
        double refuseAt,
        long compressAfterMs,
        RetentionRules retention,
        long minimumMs,
        long cleanEveryMs) {}
