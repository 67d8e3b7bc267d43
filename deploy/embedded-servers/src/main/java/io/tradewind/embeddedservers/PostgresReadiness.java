package io.tradewind.embeddedservers;

import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits until a Postgres that was just launched serves. Blocking, the caller's thread. */
final class PostgresReadiness {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresReadiness.class);
    /** From launch to the first answer of any kind. */
    private static final Duration ANSWER_DEADLINE = Duration.ofMinutes(1);
    /** Recovery replays at most max_wal_size; a slow disk gets plenty of time for that. */
    private static final Duration RECOVERY_DEADLINE = Duration.ofMinutes(10);

    private static final Duration PROGRESS_EVERY = Duration.ofSeconds(5);
    private static final Duration REPLY_TIMEOUT = Duration.ofSeconds(5);

    private PostgresReadiness() {}

    /** @return the version of the server that answers */
    static String await(Supervised process, PostgresCluster cluster, int port, ServerLog log) {
        Deadline answer = Deadline.in(ANSWER_DEADLINE);
        Deadline recovery = Deadline.in(RECOVERY_DEADLINE);
        Deadline progress = Deadline.in(PROGRESS_EVERY);
        while (true) {
            if (!process.isAlive()) {
                throw new EmbeddedServerException(
                        "Postgres ended while it was starting on port " + port + "." + log.quote());
            }
            Deadline deadline = answer;
            String last;
            try (PostgresWire wire = connect(port)) {
                String version = wire.query("SHOW server_version");
                if (cluster.isServedBy(process.pid())) {
                    return version;
                }
                last = "it is not the Postgres that was just started; another one has the port";
            } catch (PostgresWire.Refused e) {
                if (!e.cannotConnectNow()) {
                    throw new EmbeddedServerException(
                            "Postgres on port " + port + " refuses us: " + e.getMessage() + log.quote(), e);
                }
                last = e.getMessage();
                deadline = recovery;
            } catch (IOException e) {
                last = e.getMessage();
            }
            if (deadline.passed()) {
                throw new EmbeddedServerException("Postgres on port " + port + " is not ready after "
                        + (deadline == recovery ? RECOVERY_DEADLINE : ANSWER_DEADLINE).toSeconds()
                        + " s; its last answer: " + last + log.quote());
            }
            if (progress.passed()) {
                LOG.info("Postgres on port {} is not ready yet: {}", port, last);
                progress = Deadline.in(PROGRESS_EVERY);
            }
            Deadline.pause("Postgres on port " + port);
        }
    }

    private static PostgresWire connect(int port) throws IOException {
        return PostgresWire.connect(port, EmbeddedPostgres.USER, EmbeddedPostgres.DATABASE, REPLY_TIMEOUT);
    }
}
