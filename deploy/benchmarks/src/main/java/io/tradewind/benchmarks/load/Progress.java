package io.tradewind.benchmarks.load;

/** How far a run is; orders of warm-up and measured part together. */
public record Progress(long elapsedMs, long sent, long acknowledged) {}
