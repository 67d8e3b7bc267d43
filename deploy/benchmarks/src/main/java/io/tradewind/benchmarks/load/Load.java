package io.tradewind.benchmarks.load;

import java.util.concurrent.CompletableFuture;

/** Sends the orders of one run and notes what became of each. Run once, from any thread. */
public interface Load {

    CompletableFuture<LoadResult> run();

    /** How far it is; from any thread. */
    Progress progress();
}
