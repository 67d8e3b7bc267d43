package io.tradewind.statestore.domain;

import com.github.luben.zstd.ZstdDictTrainer;
import com.github.luben.zstd.ZstdException;
import io.tradewind.contracts.state.Entity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Trains one dictionary per domain from the first documents that it is shown. Until then, and where documents have so
 * little in common that there is nothing to learn, blocks are packed without one.
 *
 * <p>Not thread safe: belongs to whoever packs, one at a time. Holds at most {@link #MAX_SAMPLE_BYTES} of documents per
 * domain, until it has learned.
 */
public final class DictionarySchool {

    /** Bytes of a dictionary. */
    static final int DICTIONARY_BYTES = 16 * 1024;

    /** Documents to learn from: zstd recommends a hundred times the size of the dictionary, less does nearly as well. */
    static final int MAX_SAMPLE_BYTES = 512 * 1024;

    /** Fewer documents teach nothing. */
    static final int MIN_SAMPLES = 256;

    /** A larger document says little about the others. */
    static final int MAX_DOCUMENT_BYTES = 16 * 1024;

    private static final class Pupil {
        List<byte[]> samples = new ArrayList<>();
        int bytes;
        ColdDictionary dictionary;

        boolean isDone() {
            return samples == null;
        }
    }

    private final Map<String, Pupil> domains = new HashMap<>();

    /** The dictionary of a domain, or {@code null} when there is none yet; learns from the entities meanwhile. */
    ColdDictionary dictionary(String domain, List<Entity> entities) {
        Pupil pupil = domains.computeIfAbsent(domain, d -> new Pupil());
        if (!pupil.isDone()) {
            learn(pupil, entities);
        }
        return pupil.dictionary;
    }

    private static void learn(Pupil pupil, List<Entity> entities) {
        for (Entity entity : entities) {
            byte[] document = entity.json().bytes();
            if (document.length <= MAX_DOCUMENT_BYTES && pupil.bytes < MAX_SAMPLE_BYTES) {
                pupil.samples.add(document);
                pupil.bytes += document.length;
            }
        }
        boolean enough = pupil.bytes >= MAX_SAMPLE_BYTES / 4 && pupil.samples.size() >= MIN_SAMPLES;
        if (enough) {
            pupil.dictionary = train(pupil.samples, pupil.bytes);
            if (pupil.dictionary != null || pupil.bytes >= MAX_SAMPLE_BYTES) {
                pupil.samples = null;
            }
        }
    }

    private static ColdDictionary train(List<byte[]> samples, int bytes) {
        ZstdDictTrainer trainer = new ZstdDictTrainer(bytes, DICTIONARY_BYTES, BlockFormat.LEVEL);
        samples.forEach(trainer::addSample);
        try {
            return new ColdDictionary(trainer.trainSamples());
        } catch (ZstdException nothingInCommon) {
            // Its way of saying that the samples are too few or too different for a dictionary to help.
            return null;
        }
    }
}
