package io.tradewind.allinone.up;

import io.tradewind.dbsync.DbSyncMain;
import io.tradewind.gateway.GatewayMain;
import io.tradewind.monitor.MonitorMain;
import io.tradewind.orderqueue.OrderQueueMain;
import io.tradewind.servicekit.ServiceDefinition;
import io.tradewind.statestore.StateStoreMain;
import io.tradewind.strategyexecutor.StrategyExecutorMain;
import java.util.List;

/** The services of one Tradewind. */
final class AllServices {

    /** In the order of start: each finds what it needs running, and the gateway lets clients in last. */
    static final List<ServiceDefinition<?>> DEFINITIONS = List.of(
            StateStoreMain.SERVICE,
            OrderQueueMain.SERVICE,
            DbSyncMain.SERVICE,
            StrategyExecutorMain.SERVICE,
            MonitorMain.SERVICE,
            GatewayMain.SERVICE);

    private AllServices() {}
}
