package io.tradewind.benchmarks.baseline;

import io.tradewind.benchmarks.ChildProcess;
import io.tradewind.benchmarks.audit.RedisLog;
import io.tradewind.benchmarks.load.Target;
import java.nio.file.Path;
import java.util.List;

/**
 * {@link BareVertxBaseline} as a child process, and the keys that it leaves in Redis. Blocking, on the main thread;
 * closing stops the process and removes the keys.
 */
public final class BaselineProcess implements AutoCloseable {

    private final ChildProcess process;
    private final RedisLog redis;
    private final int loops;

    private BaselineProcess(ChildProcess process, RedisLog redis, int loops) {
        this.process = process;
        this.redis = redis;
        this.loops = loops;
    }

    /** @param redis to remove the keys with; stays the caller's */
    public static BaselineProcess start(String redisUri, int loops, RedisLog redis) {
        redis.delete(BareVertxBaseline.keys(BareVertxBaseline.MAX_LOOPS));
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms256m",
                "-Xmx1g",
                "-cp",
                System.getProperty("java.class.path"),
                BareVertxBaseline.class.getName(),
                redisUri,
                Integer.toString(loops));
        ChildProcess process = ChildProcess.start("the bare server", null, command, BareVertxBaseline.LISTENING);
        return new BaselineProcess(process, redis, loops);
    }

    public Target target() {
        return new Target("127.0.0.1", Integer.parseInt(process.said()));
    }

    @Override
    public void close() {
        process.close();
        redis.delete(BareVertxBaseline.keys(loops));
    }
}
