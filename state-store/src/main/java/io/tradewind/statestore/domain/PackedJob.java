package io.tradewind.statestore.domain;

import java.util.List;

/** What came of a {@link PackJob}; to be handed to the partition that made the job. */
public final class PackedJob {

    private final List<PackedRun> runs;

    PackedJob(List<PackedRun> runs) {
        this.runs = List.copyOf(runs);
    }

    List<PackedRun> runs() {
        return runs;
    }
}
