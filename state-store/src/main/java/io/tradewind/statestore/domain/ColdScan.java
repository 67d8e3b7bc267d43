package io.tradewind.statestore.domain;

import io.tradewind.contracts.state.Entity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;

/**
 * Goes round and round through a table, slice by slice, and finds what is to be packed: entities that have not changed
 * for a while, and blocks that are more dead than alive. One job is out at a time. Not thread safe: owned by its table.
 */
final class ColdScan {

    /** Hot entities in one job, at most: installing them holds the event loop for a few hundred microseconds. */
    static final int MAX_CANDIDATES = 256;

    private final EntityTable table;
    private final Set<ColdBlock> poor;

    private String domain;
    private String partitionKey;
    private String id;
    /** Candidates of the shelf that the scan is in, from this slice and earlier ones. */
    private List<Entity> candidates = new ArrayList<>();

    private RunCutter cutter = new RunCutter();
    private boolean out;
    private long passes;

    ColdScan(EntityTable table, Set<ColdBlock> poor) {
        this.table = table;
        this.poor = poor;
    }

    /**
     * The next job.
     *
     * @param unchangedSinceMs entities are candidates when their last change is at or before this time
     * @param limit entities to look at, at most
     * @return {@code null} when there is nothing to pack among them, or when a job is out
     */
    PackJob next(long unchangedSinceMs, int limit) {
        if (out) {
            return null;
        }
        if (poor.isEmpty()) {
            scan(unchangedSinceMs, limit);
        } else {
            // In a job of their own: what lies between two blocks that become one must not become a third.
            poor.forEach(block -> cutter.renew(table.shelf(block.domain, block.partitionKey), block));
        }
        List<PackRun> runs = cutter.runs();
        if (runs.isEmpty()) {
            return null;
        }
        cutter = new RunCutter();
        out = true;
        return new PackJob(runs);
    }

    private void scan(long unchangedSinceMs, int limit) {
        long pass = passes;
        int left = limit;
        while (left > 0 && pass == passes && room() > 0) {
            left -= step(unchangedSinceMs, left);
        }
        if (room() <= 0) {
            cutCandidates();
        }
    }

    /** The job that was out is back, or never will be. */
    void back() {
        out = false;
    }

    /** How often the scan has come to the end of the table. */
    long passes() {
        return passes;
    }

    private int room() {
        return MAX_CANDIDATES - candidates.size() - cutter.entities();
    }

    private int step(long unchangedSinceMs, int limit) {
        Shelf shelf = shelf();
        int seen = 0;
        if (shelf != null) {
            int room = room();
            for (Entity entity : shelf.hot().behind(id)) {
                if (seen == limit || room == 0) {
                    return seen;
                }
                seen++;
                id = entity.key().id();
                if (entity.timeMs() <= unchangedSinceMs) {
                    candidates.add(entity);
                    room--;
                }
            }
        }
        cutCandidates();
        moveOn();
        return Math.max(1, seen);
    }

    private Shelf shelf() {
        return domain == null ? null : table.shelf(domain, partitionKey);
    }

    private void moveOn() {
        id = null;
        Map.Entry<String, Shelf> next =
                domain == null ? null : table.shelves(domain).higherEntry(partitionKey);
        while (next == null) {
            domain = domain == null ? first(table.domains()) : table.domains().higherKey(domain);
            if (domain == null) {
                passes++;
                return;
            }
            next = table.shelves(domain).firstEntry();
        }
        partitionKey = next.getKey();
    }

    private static String first(NavigableMap<String, ?> map) {
        return map.isEmpty() ? null : map.firstKey();
    }

    private void cutCandidates() {
        Shelf shelf = shelf();
        if (shelf != null && !candidates.isEmpty()) {
            cutter.cut(shelf, candidates);
        }
        candidates = new ArrayList<>();
    }
}
