package io.tradewind.embeddedservers;

import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits until a Redis that was just launched serves. Blocking, the caller's thread. */
final class RedisReadiness {
    private static final Logger LOG = LoggerFactory.getLogger(RedisReadiness.class);
    /** From launch to the first answer of any kind. */
    private static final Duration ANSWER_DEADLINE = Duration.ofMinutes(1);
    /** Loading is bounded by the disk: even 60 GB of append-only file at 100 MB/s are through by then. */
    private static final Duration LOADING_DEADLINE = Duration.ofMinutes(10);

    private static final Duration PROGRESS_EVERY = Duration.ofSeconds(5);
    private static final Duration REPLY_TIMEOUT = Duration.ofSeconds(5);

    private RedisReadiness() {}

    /** @return the version of the server that answers */
    static String await(Supervised process, int port, ServerLog log) {
        Deadline answer = Deadline.in(ANSWER_DEADLINE);
        Deadline loading = Deadline.in(LOADING_DEADLINE);
        Deadline progress = Deadline.in(PROGRESS_EVERY);
        String last = "no answer";
        while (true) {
            if (!process.isAlive()) {
                throw new EmbeddedServerException(
                        "Redis ended while it was starting on port " + port + "." + log.quote());
            }
            try (RedisWire redis = RedisWire.connect(port, REPLY_TIMEOUT)) {
                last = redis.send("PING");
                if (last.equals("PONG")) {
                    String info = redis.send("INFO server");
                    String pid = RedisWire.field(info, "process_id");
                    if (pid.equals(Long.toString(process.pid()))) {
                        return RedisWire.field(info, "redis_version");
                    }
                    // With other data. Ours finds the port taken and ends, which the next look sees.
                    last = "another Redis (pid " + pid + ") has the port; stop it, or choose another port, or 0"
                            + " for a free one";
                }
                if (last.startsWith("-LOADING") && progress.passed()) {
                    String percent = redis.info("persistence", "loading_loaded_perc");
                    LOG.info("Redis on port {} is loading its data: {} % so far", port, percent);
                    progress = Deadline.in(PROGRESS_EVERY);
                }
            } catch (IOException e) {
                last = e.getMessage();
            }
            Deadline deadline = last.startsWith("-LOADING") ? loading : answer;
            if (deadline.passed()) {
                throw new EmbeddedServerException("Redis on port " + port + " is not ready after "
                        + (deadline == loading ? LOADING_DEADLINE : ANSWER_DEADLINE).toSeconds()
                        + " s; its last answer: "
                        + last + "." + log.quote());
            }
            Deadline.pause("Redis on port " + port);
        }
    }
}
