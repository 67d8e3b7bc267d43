package io.tradewind.embeddedservers;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What an embedded Postgres is tuned for: one machine with two cores and little memory, shared with everything else. */
final class PostgresSettings {
    /**
     * The tables' hot part, above all the ends of their indexes: with a quarter of it, writers throw out pages that they
     * need again, and a busy minute costs Postgres a third more.
     */
    private static final String SHARED_BUFFERS = "256MB";
    /** What the planner may assume that the system caches. */
    private static final String EFFECTIVE_CACHE_SIZE = "512MB";
    /** db-sync and the gateway hold a handful each; every connection is a process of some megabytes. */
    private static final String MAX_CONNECTIONS = "20";
    /**
     * Disk that the write-ahead log takes between checkpoints. After each of them every page is logged whole once more, so that
     * at full load they should be a minute apart; what is to be recovered after a crash is read in seconds.
     */
    private static final String MAX_WAL_SIZE = "2GB";
    /** Background helpers: two cores have no room for more, and parallel queries would take them from trading. */
    private static final String MAX_WORKER_PROCESSES = "4";

    private static final String NO_PARALLEL_QUERY = "0";
    private static final String AUTOVACUUM_WORKERS = "2";
    /** Nobody replicates from it. */
    private static final String NO_WAL_SENDERS = "0";

    private PostgresSettings() {}

    /** The program's arguments after its name; those of the options come last and so win. */
    static List<String> arguments(int port, Map<String, String> further) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("listen_addresses", "127.0.0.1");
        settings.put("port", Integer.toString(port));
        // Socket paths are limited to about a hundred characters, which a data directory easily exceeds.
        settings.put("unix_socket_directories", "");
        settings.put("fsync", "on");
        settings.put("synchronous_commit", "on");
        settings.put("full_page_writes", "on");
        settings.put("shared_buffers", SHARED_BUFFERS);
        settings.put("effective_cache_size", EFFECTIVE_CACHE_SIZE);
        settings.put("max_connections", MAX_CONNECTIONS);
        settings.put("max_wal_size", MAX_WAL_SIZE);
        settings.put("max_worker_processes", MAX_WORKER_PROCESSES);
        settings.put("max_parallel_workers_per_gather", NO_PARALLEL_QUERY);
        settings.put("autovacuum_max_workers", AUTOVACUUM_WORKERS);
        settings.put("max_wal_senders", NO_WAL_SENDERS);
        // Compiling a plan costs more than our short statements take.
        settings.put("jit", "off");
        settings.put("timezone", "UTC");
        settings.put("log_timezone", "UTC");
        // Checkpoints are routine; a log of warnings and errors stays readable.
        settings.put("log_checkpoints", "off");
        settings.putAll(further);
        List<String> arguments = new ArrayList<>();
        settings.forEach((name, value) -> {
            arguments.add("-c");
            arguments.add(name + "=" + value);
        });
        return arguments;
    }
}
