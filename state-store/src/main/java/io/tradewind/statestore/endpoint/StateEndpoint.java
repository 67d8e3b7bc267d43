package io.tradewind.statestore.endpoint;

import io.micrometer.core.instrument.MeterRegistry;
import io.tradewind.contracts.state.Partitions;
import io.tradewind.statestore.redis.PartitionLog;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/** All partitions of this process, on one event loop; closed by the verticle. */
public final class StateEndpoint {

    private final List<PartitionServer> servers = new ArrayList<>();

    /** @param retryMs pause before a partition that could not be loaded is tried again */
    public StateEndpoint(
            Vertx vertx, PartitionLog log, Clock clock, MeterRegistry meters, int maxAppendsInFlight, long retryMs) {
        StoreMetrics metrics = new StoreMetrics(meters);
        for (int partition = 0; partition < Partitions.COUNT; partition++) {
            servers.add(new PartitionServer(vertx, partition, log, clock, metrics, maxAppendsInFlight, retryMs));
        }
        metrics.watch(meters, servers);
    }

    /** Completes when every partition serves. */
    public Future<Void> open() {
        return Future.all(servers.stream().map(PartitionServer::open).toList()).mapEmpty();
    }

    /** The connection to the log is back, or is gone. */
    public void onLog(boolean up) {
        servers.forEach(server -> server.onLog(up));
    }

    public void flushRelaxed() {
        servers.forEach(PartitionServer::flushRelaxed);
    }

    public long servingPartitions() {
        return servers.stream().filter(PartitionServer::isServing).count();
    }

    /** Takes nothing more and completes when everything taken is durable. */
    public Future<Void> drain() {
        return Future.join(servers.stream().map(PartitionServer::drain).toList())
                .mapEmpty();
    }

    public Future<Void> close() {
        return Future.join(servers.stream().map(PartitionServer::close).toList())
                .mapEmpty();
    }
}
