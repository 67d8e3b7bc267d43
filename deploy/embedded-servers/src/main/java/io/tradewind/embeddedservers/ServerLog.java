package io.tradewind.embeddedservers;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * The file that a server's output goes to. The server appends to it; this class only starts a new one when the old has
 * grown, and quotes what was written since the last start. Any thread; nothing is kept open.
 */
final class ServerLog {
    /** At a start, a larger log is put aside as {@code .1}, replacing the one before. */
    static final long MAX_BYTES = 8L << 20;

    static final int MAX_QUOTED_LINES = 20;
    private static final int MAX_QUOTED_BYTES = 16 << 10;

    private final Path file;
    private volatile long startOffset;

    ServerLog(Path file) {
        this.file = file;
    }

    Path file() {
        return file;
    }

    /** To be called before each start: what is in the file now is of no concern to the next one. */
    void startNewRun() {
        try {
            long size = Files.exists(file) ? Files.size(file) : 0;
            if (size > MAX_BYTES) {
                Path old = file.resolveSibling(file.getFileName() + ".1");
                Files.move(file, old, StandardCopyOption.REPLACE_EXISTING);
                size = 0;
            }
            startOffset = size;
        } catch (IOException e) {
            throw new EmbeddedServerException("Log " + file + " cannot be rotated: " + Folders.reason(e), e);
        }
    }

    /** The last lines since the start, to be put at the end of an error message; says so when there are none. */
    String quote() {
        String text = sinceStart();
        if (text.isEmpty()) {
            return "\n  (nothing in " + file + ")";
        }
        List<String> lines = text.lines().toList();
        StringBuilder quoted = new StringBuilder("\n  The end of ").append(file).append(':');
        for (String line : lines.subList(Math.max(0, lines.size() - MAX_QUOTED_LINES), lines.size())) {
            quoted.append("\n  | ").append(line);
        }
        return quoted.toString();
    }

    /** What the server said since the start; of much output only the end. */
    String sinceStart() {
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            long from = Math.max(startOffset, in.length() - MAX_QUOTED_BYTES);
            byte[] bytes = new byte[(int) Math.max(0, in.length() - from)];
            in.seek(from);
            in.readFully(bytes);
            return new String(bytes, StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            return "";
        }
    }
}
