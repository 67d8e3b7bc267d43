package io.tradewind.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A directory for the servers of one measurement; closing it deletes it and all in it. */
public record ScratchDirectory(Path path) implements AutoCloseable {

    /** @param name what it is for, part of its name */
    public static ScratchDirectory create(String name) throws IOException {
        return new ScratchDirectory(Files.createTempDirectory("tradewind-" + name));
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> all = Files.walk(path)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        }
    }
}
