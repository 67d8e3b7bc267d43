package io.tradewind.embeddedservers;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The redis.conf that a server is started with. Written anew at each start; changes made to the file by hand are lost. */
final class RedisConfigFile {
    /** Snapshots of Redis's own (RDB) are off: the append-only file is the truth, and forking for both would cost twice. */
    private static final String NO_RDB = "\"\"";
    /** When full, refuse writes; silently forgetting entries of the log is the one thing that must not happen. */
    private static final String NO_EVICTION = "noeviction";

    private RedisConfigFile() {}

    /** @return the file, in the data directory */
    static Path write(Path directory, int port, EmbeddedRedis.Options options) {
        Map<String, String> lines = new LinkedHashMap<>();
        lines.put("bind", "127.0.0.1");
        lines.put("protected-mode", "yes");
        lines.put("port", Integer.toString(port));
        lines.put("dir", quoted(directory.toString()));
        lines.put("pidfile", quoted(directory.resolve(EmbeddedRedis.PID_FILE).toString()));
        // Standard output, which the supervisor appends to the log.
        lines.put("logfile", quoted(""));
        lines.put("daemonize", "no");
        lines.put("appendonly", options.appendOnly() ? "yes" : "no");
        lines.put("appendfsync", options.appendFsync());
        lines.put("save", NO_RDB);
        lines.put("maxmemory-policy", NO_EVICTION);
        lines.putAll(options.settings());
        StringBuilder text = new StringBuilder("# Written by Tradewind at each start.\n");
        lines.forEach((key, value) -> text.append(key)
                .append(' ')
                .append(value.isEmpty() ? "\"\"" : value)
                .append('\n'));
        Path file = directory.resolve("redis.conf");
        try {
            Files.writeString(file, text, StandardCharsets.UTF_8);
            return file;
        } catch (IOException e) {
            throw new EmbeddedServerException(
                    "Redis configuration " + file + " cannot be written: " + Folders.reason(e), e);
        }
    }

    static String quoted(String value) {
        return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
