package io.tradewind.contracts;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.stream.Collectors;

/**
 * Bytes that a format had when it was fixed, as hexadecimal text under {@code src/test/resources/golden}; lines that
 * start with {@code #} say what they are. A test that differs means that programs of two releases do not understand
 * each other: give the format a new version instead. {@code -Dgolden.write=true} writes files that do not exist yet,
 * and never changes one that does.
 */
public final class Golden {

    private static final Path FOLDER = Path.of("src", "test", "resources", "golden");
    private static final int CHARS_PER_LINE = 64;

    private Golden() {}

    public static byte[] read(String name) throws IOException {
        String hex = Files.readAllLines(FOLDER.resolve(name)).stream()
                .filter(line -> !line.startsWith("#"))
                .collect(Collectors.joining());
        return HexFormat.of().parseHex(hex);
    }

    public static void assertBytes(String name, String about, byte[] actual) throws IOException {
        writeIfAsked(name, about, actual);
        HexFormat hex = HexFormat.of();
        assertEquals(hex.formatHex(read(name)), hex.formatHex(actual), name + " is no longer what is written");
    }

    /** For bytes that other programs (a newer zstd) may write differently, and must still be able to read. */
    public static void writeIfAsked(String name, String about, byte[] bytes) throws IOException {
        Path file = FOLDER.resolve(name);
        if (Boolean.getBoolean("golden.write") && Files.notExists(file)) {
            Files.createDirectories(file.getParent());
            String lines = HexFormat.of().formatHex(bytes).replaceAll("(.{" + CHARS_PER_LINE + "})(?=.)", "$1\n");
            Files.writeString(file, "# " + about + "\n" + lines + "\n");
        }
    }
}
