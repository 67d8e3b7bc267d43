package io.tradewind.strategyexecutor.feed;

import io.tradewind.contracts.market.Bar;
import io.tradewind.strategyexecutor.domain.BarCsv;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Loads recorded bars. Blocking: for a worker thread. */
public final class Recordings {

    /** Largest file, in bytes; it is held in memory whole. */
    static final long MAX_BYTES = 128L * 1024 * 1024;

    private static final String SAMPLE = "/sample-data/sp500-daily.csv";

    private Recordings() {}

    /**
     * @param file path of a CSV file; empty for the built-in sample
     * @throws IOException when it cannot be read
     * @throws IllegalArgumentException when it holds no bars as {@link BarCsv} wants them; the message names the file
     */
    public static List<Bar> load(String file, String symbol) throws IOException {
        String name = file.isEmpty() ? "built-in sample" : file;
        try {
            return BarCsv.parse(symbol, file.isEmpty() ? sample() : lines(Path.of(file)));
        } catch (BarCsv.FormatException e) {
            throw new IllegalArgumentException("replay of " + name + ": " + e.getMessage(), e);
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("replay of " + name + ": it is not UTF-8 text", e);
        }
    }

    private static List<String> lines(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException("replay-file " + file.toAbsolutePath() + " is not there or not a file");
        }
        long bytes = Files.size(file);
        if (bytes > MAX_BYTES) {
            throw new IOException("replay-file " + file + " has " + bytes + " bytes, at most " + MAX_BYTES
                    + " are allowed; split it");
        }
        return Files.readAllLines(file, StandardCharsets.UTF_8);
    }

    private static List<String> sample() throws IOException {
        try (InputStream in = Recordings.class.getResourceAsStream(SAMPLE)) {
            if (in == null) {
                throw new IOException(SAMPLE + " is missing from the program");
            }
            return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))
                    .lines()
                    .toList();
        }
    }
}
