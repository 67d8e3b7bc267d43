package io.tradewind.dbsync.domain;

import io.tradewind.contracts.state.Partitions;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The last version that Postgres holds, per partition. Immutable. */
public final class Offsets {

    private final long[] versions;

    private Offsets(long[] versions) {
        this.versions = versions;
    }

    /** Nothing written yet. */
    public static Offsets none() {
        return new Offsets(new long[Partitions.COUNT]);
    }

    public long of(int partition) {
        return versions[Partitions.check(partition)];
    }

    /** The version of each partition. */
    public Map<Integer, Long> byPartition() {
        Map<Integer, Long> all = new HashMap<>();
        for (int p = 0; p < versions.length; p++) {
            all.put(p, versions[p]);
        }
        return all;
    }

    public Offsets with(int partition, long version) {
        long[] changed = versions.clone();
        changed[Partitions.check(partition)] = version;
        return new Offsets(changed);
    }

    /** As they are when a batch is committed. */
    public Offsets after(List<Advance> advances) {
        long[] changed = versions.clone();
        advances.forEach(advance -> changed[advance.partition()] = advance.to());
        return new Offsets(changed);
    }

    /** Whether these are what Postgres holds once a batch with these advances is committed. */
    public boolean contain(List<Advance> advances) {
        return advances.stream().allMatch(advance -> versions[advance.partition()] >= advance.to());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Offsets that && Arrays.equals(versions, that.versions);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(versions);
    }

    @Override
    public String toString() {
        return Arrays.toString(versions);
    }
}
