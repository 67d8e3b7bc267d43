package io.tradewind.monitor.domain;

import java.util.Map;

/** Parts of a system in which nothing is wrong, to be spoilt one by one. */
final class Samples {

    static final Limits LIMITS = new Limits(90, 85, 95, 90, 50, 250, 90);
    static final long GIB = 1024L * 1024 * 1024;

    private Samples() {}

    static ServiceView service(String name, String instance, ServiceState state) {
        return new ServiceView(name, instance, state, "2026-01-01T00:00:00Z", 700, Map.of(), null);
    }

    static MachineSample machine(Double cpuPercent, double memoryPercent, double diskPercent, Double celsius) {
        return new MachineSample(
                1_000,
                2,
                cpuPercent,
                0.5,
                0.4,
                0.3,
                celsius,
                24 * GIB,
                20 * GIB,
                memoryPercent,
                0,
                0,
                100 * GIB,
                50 * GIB,
                diskPercent,
                null,
                null,
                null,
                null,
                null,
                0,
                null,
                120,
                900,
                3_600,
                GIB,
                12.5,
                64,
                GIB / 2,
                2 * GIB);
    }

    static MachineSample calmMachine() {
        return machine(20.0, 30, 50, null);
    }

    static RedisStatus.Facts redisFacts(String appendOnly, String fsync, String lastWrite, String policy, long used) {
        return new RedisStatus.Facts("6.2.11", 10, 3, 100, used, GIB, policy, appendOnly, fsync, lastWrite, 4_096);
    }

    static RedisStatus goodRedis() {
        return RedisStatus.up(0.2, redisFacts("yes", "always", "ok", "noeviction", GIB / 10));
    }

    static PostgresStatus postgres(double queryMs, String synchronousCommit, String fsync) {
        return PostgresStatus.up(
                queryMs, new PostgresStatus.Facts("17.6", synchronousCommit, fsync, 8 * GIB, 5, 100, 60));
    }

    static PostgresStatus goodPostgres() {
        return postgres(0.5, "on", "on");
    }
}
