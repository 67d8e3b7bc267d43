package io.tradewind.servicekit;

import com.hazelcast.config.AdvancedNetworkConfig;
import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.MergePolicyConfig;
import com.hazelcast.config.ServerSocketEndpointConfig;
import com.hazelcast.spi.merge.DiscardMergePolicy;
import io.tradewind.servicekit.config.ClusterConfig;
import io.tradewind.servicekit.config.ConfigException;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;

/**
 * Builds the membership of a clustered process. Hazelcast only tells who is there and where event-bus consumers are; it
 * holds no data of ours. Its settings favour noticing a dead member within seconds and small machines.
 */
final class Cluster {
    /** How many ports from {@code cluster.port} on are tried, both to listen and to look for members. */
    static final int PORT_TRIES = 20;

    private static final int OPERATION_THREADS = 2;
    private static final int IO_THREADS = 1;
    /** A split that heals is noticed and merged after this many seconds, rather than after minutes. */
    private static final int MERGE_DELAY_SECONDS = 5;
    /** A broken connection is retried so often, this far apart, before the member behind it is suspected. */
    private static final int CONNECTION_FAULTS = 2;

    private static final int CONNECTION_FAULT_INTERVAL_MS = 100;
    /** How long a leaving member waits for others to take over copies of its registrations. */
    private static final int LEAVE_SECONDS = 2;

    /** How long a change of the registrations waits for its copy on a member that may be dead. */
    private static final int BACKUP_TIMEOUT_MS = 500;
    /** How long anything asked of a member that does not answer may take, and how soon it is asked again. */
    private static final int CALL_TIMEOUT_MS = 10_000;

    private static final int RETRY_PAUSE_MS = 100;
    /** A paused process accepts connections and says nothing on them; connecting elsewhere must not wait for that. */
    private static final int CONNECT_SECONDS = 2;

    private static final int BUS_CONNECT_TIMEOUT_MS = 2_000;

    /** The maps of the cluster manager: who consumes what, and how the members are reached. */
    private static final String SUBSCRIPTIONS = "__vertx.subs";

    private static final String NODES = "__vertx.nodeInfo";

    private Cluster() {}

    static QuietClusterManager manager(ClusterConfig cluster) {
        // Loaded rather than new: it carries the __vertx.* maps that the cluster manager relies on.
        Config config = new HazelcastClusterManager().loadConfig();
        config.setClusterName(cluster.name());
        config.setProperty("hazelcast.phone.home.enabled", "false")
                .setProperty("hazelcast.wait.seconds.before.join", "0")
                .setProperty("hazelcast.heartbeat.interval.seconds", seconds(cluster.heartbeatInterval()))
                .setProperty("hazelcast.max.no.heartbeat.seconds", seconds(cluster.heartbeatTimeout()))
                .setProperty("hazelcast.connection.monitor.max.faults", String.valueOf(CONNECTION_FAULTS))
                .setProperty("hazelcast.connection.monitor.interval", String.valueOf(CONNECTION_FAULT_INTERVAL_MS))
                .setProperty("hazelcast.merge.first.run.delay.seconds", String.valueOf(MERGE_DELAY_SECONDS))
                .setProperty("hazelcast.merge.next.run.delay.seconds", String.valueOf(MERGE_DELAY_SECONDS))
                .setProperty("hazelcast.operation.backup.timeout.millis", String.valueOf(BACKUP_TIMEOUT_MS))
                .setProperty("hazelcast.operation.call.timeout.millis", String.valueOf(CALL_TIMEOUT_MS))
                .setProperty("hazelcast.invocation.retry.pause.millis", String.valueOf(RETRY_PAUSE_MS))
                .setProperty("hazelcast.graceful.shutdown.max.wait", String.valueOf(LEAVE_SECONDS))
                .setProperty("hazelcast.tcp.join.port.try.count", String.valueOf(PORT_TRIES))
                .setProperty("hazelcast.operation.thread.count", String.valueOf(OPERATION_THREADS))
                .setProperty("hazelcast.operation.generic.thread.count", String.valueOf(OPERATION_THREADS))
                .setProperty("hazelcast.io.thread.count", String.valueOf(IO_THREADS))
                .setProperty("hazelcast.event.thread.count", String.valueOf(IO_THREADS))
                // The kit closes it, in order and bounded.
                .setProperty("hazelcast.shutdownhook.enabled", "false")
                .setProperty("hazelcast.logging.type", "slf4j");

        discardAfterSplit(config);

        JoinConfig join = memberNetwork(config, cluster).getJoin();
        join.getAutoDetectionConfig().setEnabled(false);
        join.getMulticastConfig().setEnabled(false);
        join.getTcpIpConfig().setEnabled(true).setMembers(cluster.members());
        return new QuietClusterManager(config);
    }

    /**
     * An endpoint for members and nothing else, which is more than tidiness: on an endpoint for everybody, a connection to
     * a process that accepts it and then says nothing, as a paused one does, keeps the thread that writes to all members
     * busy until that process goes on (seen in Hazelcast 5.3.8: its protocol encoder says that it has nothing to do,
     * while packets wait behind it). No heartbeat leaves any more, healthy members suspect each other, and the parts
     * cannot connect to find together again.
     */
    private static AdvancedNetworkConfig memberNetwork(Config config, ClusterConfig cluster) {
        ServerSocketEndpointConfig members = new ServerSocketEndpointConfig();
        // A member that comes back finds its port free, though connections of before still linger: others look for it
        // there.
        members.setPort(cluster.port())
                .setPortAutoIncrement(true)
                .setPortCount(PORT_TRIES)
                .setReuseAddress(true)
                .setSocketConnectTimeoutSeconds(CONNECT_SECONDS);
        members.getInterfaces().setEnabled(true).addInterface(addressOf(cluster.host()));
        return config.getAdvancedNetworkConfig().setEnabled(true).setMemberEndpointConfig(members);
    }

    /**
     * When a split heals, what the smaller part believed is thrown away: it may still list consumers of members that
     * have unregistered them or died meanwhile, and a request would be sent to those. Its members register their own
     * consumers again as soon as they have merged, the cluster manager sees to that.
     */
    private static void discardAfterSplit(Config config) {
        MergePolicyConfig discard = new MergePolicyConfig().setPolicy(DiscardMergePolicy.class.getName());
        config.getMultiMapConfig(SUBSCRIPTIONS).setMergePolicyConfig(discard);
        config.getMapConfig(NODES).setMergePolicyConfig(discard);
    }

    static EventBusOptions eventBus(ClusterConfig cluster) {
        long pingMs = cluster.pingInterval().toMillis();
        return new EventBusOptions()
                .setHost(cluster.host())
                .setPort(cluster.eventBusPort())
                .setConnectTimeout(BUS_CONNECT_TIMEOUT_MS)
                .setClusterPingInterval(pingMs)
                .setClusterPingReplyInterval(pingMs);
    }

    // Hazelcast compares interfaces with addresses, never with names.
    private static String addressOf(String host) {
        try {
            return InetAddress.getByName(host).getHostAddress();
        } catch (UnknownHostException e) {
            throw new ConfigException("cluster.host", host, "is not known; use an address of this machine");
        }
    }

    private static String seconds(Duration duration) {
        return String.valueOf(duration.toSeconds());
    }
}
