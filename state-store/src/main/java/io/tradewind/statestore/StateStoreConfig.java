package io.tradewind.statestore;

import io.tradewind.servicekit.config.Check;
import io.tradewind.servicekit.config.ConfigException;
import io.tradewind.servicekit.config.DataSize;
import io.tradewind.servicekit.config.Doc;
import io.tradewind.statestore.endpoint.LogPolicy;
import io.tradewind.statestore.endpoint.MemoryPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Configuration of the state-store. */
@Doc("Partitions, versions, their log and their snapshots.")
public record StateStoreConfig(
        @Doc("Commits of one partition on their way to Redis at the same time. 1..16.")
        Integer maxAppendsInFlight,

        @Doc("How long relaxed writes gather before they go to the log. 10ms..1m.")
        Duration relaxedInterval,

        @Doc("Pause before a partition that could not be loaded is tried again. 10ms..10s.")
        Duration retryInterval,

        @Doc("Snapshots, from which a partition is loaded faster than from its whole log.")
        Snapshots snapshots,

        @Doc("How long transactions stay in the log, and how much memory it may use.")
        Log log,

        @Doc("Memory that the state may take, and what is done when it becomes scarce.")
        MemoryConfig memory,

        @Doc("What leaves the state when the database has it.")
        RetentionConfig retention,

        @Doc("Whether changes are published as JSON for other teams' services: always, never, or auto, which is in a"
                + " cluster only: elsewhere nobody outside could hear them.")
        String publicEvents) {

    static final String AUTO = "auto";
    static final String ALWAYS = "always";
    static final String NEVER = "never";
    static final int DEFAULT_MAX_APPENDS_IN_FLIGHT = 2;
    static final Duration DEFAULT_RELAXED_INTERVAL = Duration.ofMillis(200);
    static final Duration DEFAULT_RETRY_INTERVAL = Duration.ofMillis(200);

    public StateStoreConfig {
        maxAppendsInFlight = Check.inRange(
                "max-appends-in-flight", Check.orDefault(maxAppendsInFlight, DEFAULT_MAX_APPENDS_IN_FLIGHT), 1, 16);
        relaxedInterval = Check.inRange(
                "relaxed-interval",
                Check.orDefault(relaxedInterval, DEFAULT_RELAXED_INTERVAL),
                Duration.ofMillis(10),
                Duration.ofMinutes(1));
        retryInterval = Check.inRange(
                "retry-interval",
                Check.orDefault(retryInterval, DEFAULT_RETRY_INTERVAL),
                Duration.ofMillis(10),
                Duration.ofSeconds(10));
        snapshots = Check.orDefault(snapshots, new Snapshots(null, null, null, null, null, null));
        publicEvents = Check.oneOf("public-events", Check.orDefault(publicEvents, AUTO), AUTO, ALWAYS, NEVER);
        log = Check.orDefault(log, new Log(null, null, null, null, null));
        memory = Check.orDefault(memory, new MemoryConfig(null, null, null, null, null));
        retention = Check.orDefault(retention, new RetentionConfig(null, null, null));
    }

    /** Configuration of the snapshots. */
    public record Snapshots(
            @Doc("Where they are kept: none, directory, or postgres, which several processes can share.")
            String store,

            @Doc("Folder of the directory store; the postgres store writes a snapshot there before it sends it.")
            String directory,

            @Doc(
                    "Whether every member of the cluster sees the same folder there, on shared storage. The directory store"
                            + " is refused in a cluster without: nobody else could load what is in it. true or false.")
            Boolean shared,

            @Doc("Snapshots kept of each partition; an older one is used when a newer one is damaged. 2..100.")
            Integer keep,

            @Doc("Transactions of a partition after which it gets a new snapshot. 1..1000000000.")
            Integer everyChanges,

            @Doc("Time after which a partition that has changed gets a new snapshot. 1s..7d.")
            Duration every) {

        static final String NONE = "none";
        static final String DIRECTORY = "directory";
        static final String POSTGRES = "postgres";
        static final String DEFAULT_DIRECTORY = "data/snapshots";
        static final int DEFAULT_KEEP = 3;
        static final int DEFAULT_EVERY_CHANGES = 200_000;
        static final Duration DEFAULT_EVERY = Duration.ofMinutes(5);

        public Snapshots {
            store = Check.oneOf("store", Check.orDefault(store, NONE), NONE, DIRECTORY, POSTGRES);
            directory = Check.notBlank("directory", Check.orDefault(directory, DEFAULT_DIRECTORY));
            shared = Check.orDefault(shared, false);
            keep = Check.inRange("keep", Check.orDefault(keep, DEFAULT_KEEP), 2, 100);
            everyChanges = Check.inRange(
                    "every-changes", Check.orDefault(everyChanges, DEFAULT_EVERY_CHANGES), 1, 1_000_000_000);
            every = Check.inRange(
                    "every", Check.orDefault(every, DEFAULT_EVERY), Duration.ofSeconds(1), Duration.ofDays(7));
        }
    }

    /** Configuration of the log: how long it is kept, what it may use, how its server is watched. */
    public record Log(
            @Doc("Latest transactions of a partition that stay in any case, for subscribers that resume."
                    + " 0..1000000000.")
            Integer keepTransactions,

            @Doc("Time that every transaction stays, for subscribers that resume. 0s..30d.")
            Duration keep,

            @Doc("Whether a transaction stays until the database has it; false only where db-sync never runs.")
            Boolean awaitSync,

            @Doc("Memory that Redis may use. From 80 % on no new orders are admitted; over it, only what has happened"
                    + " already is written. 8MiB..1TiB.")
            DataSize budget,

            @Doc("How often the durability settings of Redis are looked at. 1s..1h.")
            Duration durabilityInterval) {

        static final int DEFAULT_KEEP_TRANSACTIONS = 50_000;
        static final Duration DEFAULT_KEEP = Duration.ofMinutes(10);
        static final DataSize DEFAULT_BUDGET = DataSize.ofGiB(1);
        static final Duration DEFAULT_DURABILITY_INTERVAL = Duration.ofMinutes(1);

        public Log {
            keepTransactions = Check.inRange(
                    "keep-transactions",
                    Check.orDefault(keepTransactions, DEFAULT_KEEP_TRANSACTIONS),
                    0,
                    1_000_000_000);
            keep = Check.inRange("keep", Check.orDefault(keep, DEFAULT_KEEP), Duration.ZERO, Duration.ofDays(30));
            awaitSync = Check.orDefault(awaitSync, true);
            budget = Check.inRange(
                    "budget", Check.orDefault(budget, DEFAULT_BUDGET), DataSize.ofMiB(8), DataSize.ofGiB(1024));
            durabilityInterval = Check.inRange(
                    "durability-interval",
                    Check.orDefault(durabilityInterval, DEFAULT_DURABILITY_INTERVAL),
                    Duration.ofSeconds(1),
                    Duration.ofHours(1));
        }
    }

    /** What is done about memory. */
    public MemoryPolicy memoryPolicy() {
        return new MemoryPolicy(
                memory.budgetBytes(),
                memory.compressAt(),
                memory.evictAt(),
                memory.refuseAt(),
                memory.compressAfter().toMillis(),
                retention.parsed(),
                retention.minimum().toMillis(),
                retention.every().toMillis());
    }

    /**
     * In a cluster the owner of a partition changes, and the next one has to find its snapshots: the log in front of
     * them is trimmed.
     *
     * @throws ConfigException when it could not
     */
    void checkFor(boolean clustered) {
        if (clustered && snapshots.store().equals(Snapshots.DIRECTORY) && !snapshots.shared()) {
            throw new ConfigException(
                    "state-store.snapshots.store",
                    Snapshots.DIRECTORY,
                    "another member of the cluster cannot load a partition from the disk of this one; use postgres, or"
                            + " set state-store.snapshots.shared to true if " + snapshots.directory()
                            + " is the same storage for all of them");
        }
    }

    /** Whether changes are published for other teams' services. */
    boolean publishes(boolean clustered) {
        return publicEvents.equals(ALWAYS) || (clustered && publicEvents.equals(AUTO));
    }

    /** The folder of the snapshots; empty when they are kept elsewhere, or not at all. */
    public Optional<Path> snapshotDirectory() {
        return snapshots.store().equals(Snapshots.DIRECTORY)
                ? Optional.of(Path.of(snapshots.directory()))
                : Optional.empty();
    }

    /** When snapshots are due and what may leave the log. */
    public LogPolicy logPolicy() {
        return new LogPolicy(
                snapshots.everyChanges(),
                snapshots.every().toMillis(),
                snapshots.keep(),
                log.keepTransactions(),
                log.keep().toMillis(),
                log.awaitSync());
    }
}
