package io.tradewind.statestore.domain;

import io.tradewind.contracts.state.Entity;
import io.tradewind.statestore.domain.PackRun.Pulled;
import java.util.ArrayList;
import java.util.List;

/**
 * New blocks made of a {@link PackRun}, and where in them each entity is, so that those which changed while they were
 * packed can be marked dead. Made on a packing thread, used up by the shelf on the thread of the partition.
 */
final class PackedRun {

    private final PackRun run;
    private final List<ColdBlock> blocks;
    /** First place of each block, among all entities of the run in id order. */
    private final int[] starts;
    /** The place of each hot entity. */
    private final int[] entityPlaces;
    /** For each pulled block the place of each of its entities; -1 for those that were dead. */
    private final int[][] pulledPlaces;

    private final int[] sizes;

    private PackedRun(
            PackRun run, List<ColdBlock> blocks, int[] starts, int[] entityPlaces, int[][] pulledPlaces, int[] sizes) {
        this.run = run;
        this.blocks = blocks;
        this.starts = starts;
        this.entityPlaces = entityPlaces;
        this.pulledPlaces = pulledPlaces;
        this.sizes = sizes;
    }

    static PackedRun pack(PackRun run, DictionarySchool school) {
        List<Entity> merged = new ArrayList<>();
        int[] entityPlaces = new int[run.entities().size()];
        int[][] pulledPlaces = new int[run.blocks().size()][];
        int taken = 0;
        for (int b = 0; b < pulledPlaces.length; b++) {
            Pulled pulled = run.blocks().get(b);
            UnpackedBlock unpacked = pulled.block().unpack();
            pulledPlaces[b] = new int[unpacked.count()];
            for (int i = 0; i < unpacked.count(); i++) {
                if (pulled.dead().get(i)) {
                    pulledPlaces[b][i] = -1;
                    continue;
                }
                taken = takeUpTo(unpacked.id(i), run, taken, merged, entityPlaces);
                pulledPlaces[b][i] = merged.size();
                merged.add(unpacked.entity(i));
            }
        }
        takeUpTo(null, run, taken, merged, entityPlaces);
        int[] sizes = merged.stream().mapToInt(entity -> entity.json().size()).toArray();
        List<ColdBlock> blocks = new ArrayList<>();
        List<Integer> starts = new ArrayList<>();
        if (!merged.isEmpty()) {
            cut(merged, school.dictionary(run.shelf().domain, merged), blocks, starts);
        }
        return new PackedRun(
                run, blocks, starts.stream().mapToInt(i -> i).toArray(), entityPlaces, pulledPlaces, sizes);
    }

    private static int takeUpTo(String id, PackRun run, int from, List<Entity> merged, int[] places) {
        int next = from;
        while (next < places.length
                && (id == null || run.entities().get(next).key().id().compareTo(id) < 0)) {
            places[next] = merged.size();
            merged.add(run.entities().get(next));
            next++;
        }
        return next;
    }

    /** Cuts into blocks of about the same number of entities. */
    private static void cut(
            List<Entity> merged, ColdDictionary dictionary, List<ColdBlock> blocks, List<Integer> starts) {
        int least = (merged.size() + ColdBlock.MAX_ENTITIES - 1) / ColdBlock.MAX_ENTITIES;
        int size = (merged.size() + least - 1) / least;
        int from = 0;
        while (from < merged.size()) {
            int end = from;
            long bytes = 0;
            while (end < merged.size() && end - from < size && bytes < ColdBlock.MAX_DOCUMENT_BYTES) {
                bytes += merged.get(end).json().size();
                end++;
            }
            starts.add(from);
            blocks.add(ColdBlock.pack(merged.subList(from, end), dictionary));
            from = end;
        }
    }

    PackRun run() {
        return run;
    }

    List<ColdBlock> blocks() {
        return blocks;
    }

    /** The hot entity at {@code index} of the run is not to be found here. */
    void killEntity(int index) {
        kill(entityPlaces[index]);
    }

    /** What died in the old blocks since they were chosen is dead in the new ones. */
    void killWhatDiedMeanwhile() {
        for (int b = 0; b < pulledPlaces.length; b++) {
            ColdBlock old = run.blocks().get(b).block();
            for (int i = 0; i < pulledPlaces[b].length; i++) {
                if (pulledPlaces[b][i] >= 0 && old.isDead(i)) {
                    kill(pulledPlaces[b][i]);
                }
            }
        }
    }

    private void kill(int place) {
        int block = starts.length - 1;
        while (starts[block] > place) {
            block--;
        }
        blocks.get(block).kill(place - starts[block], sizes[place]);
    }
}
