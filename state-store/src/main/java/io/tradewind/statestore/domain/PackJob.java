package io.tradewind.statestore.domain;

import java.util.ArrayList;
import java.util.List;

/**
 * Packing work for another thread: made by {@link Partition#nextPack}, carried out there, and its result handed to
 * {@link Partition#install}. Immutable.
 */
public final class PackJob {

    private final List<PackRun> runs;

    PackJob(List<PackRun> runs) {
        this.runs = List.copyOf(runs);
    }

    /**
     * Compresses. On any thread, by one at a time with the same school; takes milliseconds.
     *
     * @param school what has been learned about the documents so far
     */
    public PackedJob pack(DictionarySchool school) {
        List<PackedRun> packed = new ArrayList<>(runs.size());
        for (PackRun run : runs) {
            packed.add(PackedRun.pack(run, school));
        }
        return new PackedJob(packed);
    }

    List<PackRun> runs() {
        return runs;
    }
}
