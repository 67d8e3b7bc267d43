package io.tradewind.servicekit;

import com.hazelcast.core.HazelcastInstance;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tradewind.servicekit.config.RuntimeConfig;
import io.tradewind.servicekit.config.Settings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.micrometer.MetricsDomain;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What every service of a process shares: one Vert.x, one meter registry, one health, one clock. Made once per process by
 * {@link #open}, handed to each {@link Assembly}, closed by whoever opened it. Any thread.
 */
public final class ServiceKit {
    private static final Duration MIN_CLOSE_TIMEOUT = Duration.ofMillis(1_500);

    /** Who gives the services this many times the above is in no hurry with Vert.x either. */
    private static final int CLOSE_SHARE = 6;

    /** For who does not have to end; no end of Vert.x takes so long. */
    private static final Duration PATIENT_CLOSE_TIMEOUT = Duration.ofMinutes(1);

    private static final Logger LOG = LoggerFactory.getLogger(ServiceKit.class);
    private static final Duration BLOCKED_CHECK_INTERVAL = Duration.ofMillis(500);
    /** An event loop that is blocked for so long is logged with its stack trace. */
    private static final Duration BLOCKED_STACK_TRACE = Duration.ofSeconds(1);

    private final Vertx vertx;
    private final QuietClusterManager cluster;
    private final PrometheusMeterRegistry meters;
    private final JvmMeters jvmMeters;
    private final Settings settings;
    private final Clock clock;
    private final String instance;
    private final Health health;
    private final Services services;
    private final Membership membership;
    private volatile String adminAddress;

    private ServiceKit(
            Vertx vertx,
            QuietClusterManager cluster,
            Membership membership,
            PrometheusMeterRegistry meters,
            Settings settings,
            Clock clock) {
        this.vertx = vertx;
        this.cluster = cluster;
        this.membership = membership;
        this.meters = meters;
        this.jvmMeters = new JvmMeters(meters);
        this.settings = settings;
        this.clock = clock;
        this.instance = instanceId();
        this.health = new Health(clock, instance, settings.runtime().checkTimeout());
        this.services = new Services(this);
    }

    /** Starts Vert.x, alone or as a member of the cluster. */
    public static Future<ServiceKit> open(Settings settings, KitOptions options) {
        Logging.start(false);
        PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        VertxOptions vertxOptions = vertxOptions(settings.runtime());
        QuietClusterManager cluster;
        try {
            cluster = options.clustered() ? Cluster.manager(settings.cluster()) : null;
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
        if (cluster != null) {
            vertxOptions.setEventBusOptions(Cluster.eventBus(settings.cluster()));
        }
        VertxBuilder builder = Vertx.builder()
                .with(vertxOptions)
                .withMetrics(new MicrometerMetricsFactory(meters))
                .withClusterManager(cluster);
        Future<Vertx> vertx = cluster == null ? Future.succeededFuture(builder.build()) : builder.buildClustered();
        return vertx.compose(v -> {
            options.prepare().accept(v);
            Future<Membership> membership =
                    cluster == null ? Future.succeededFuture(Membership.alone(v)) : Membership.joined(v, cluster);
            return membership.map(m -> new ServiceKit(v, cluster, m, meters, settings, options.clock()));
        });
    }

    private static VertxOptions vertxOptions(RuntimeConfig runtime) {
        // What is measured per request or per message costs more than it tells; services meter what matters.
        MicrometerMetricsOptions metrics = new MicrometerMetricsOptions()
                .addDisabledMetricsCategory(MetricsDomain.HTTP_SERVER)
                .addDisabledMetricsCategory(MetricsDomain.HTTP_CLIENT)
                .addDisabledMetricsCategory(MetricsDomain.NET_SERVER)
                .addDisabledMetricsCategory(MetricsDomain.NET_CLIENT)
                .addDisabledMetricsCategory(MetricsDomain.EVENT_BUS)
                .addDisabledMetricsCategory(MetricsDomain.DATAGRAM_SOCKET);
        metrics.setEnabled(true);
        return new VertxOptions()
                .setPreferNativeTransport(true)
                .setEventLoopPoolSize(runtime.eventLoops())
                .setWorkerPoolSize(runtime.workers())
                .setInternalBlockingPoolSize(runtime.workers())
                .setMetricsOptions(metrics)
                .setBlockedThreadCheckInterval(BLOCKED_CHECK_INTERVAL.toMillis())
                .setBlockedThreadCheckIntervalUnit(TimeUnit.MILLISECONDS)
                .setMaxEventLoopExecuteTime(runtime.eventLoopWarning().toMillis())
                .setMaxEventLoopExecuteTimeUnit(TimeUnit.MILLISECONDS)
                .setMaxWorkerExecuteTime(runtime.workerWarning().toMillis())
                .setMaxWorkerExecuteTimeUnit(TimeUnit.MILLISECONDS)
                .setWarningExceptionTime(BLOCKED_STACK_TRACE.toMillis())
                .setWarningExceptionTimeUnit(TimeUnit.MILLISECONDS);
    }

    private static String instanceId() {
        String host = System.getenv("HOSTNAME");
        if (host == null || host.isBlank()) {
            try {
                host = InetAddress.getLocalHost().getHostName();
            } catch (UnknownHostException e) {
                host = "localhost";
            }
        }
        return host + "-" + ProcessHandle.current().pid();
    }

    public Vertx vertx() {
        return vertx;
    }

    /** Where services register their meters; read by Prometheus at the admin server's {@code /metrics}. */
    public MeterRegistry meters() {
        return meters;
    }

    String scrapeMeters() {
        return meters.scrape();
    }

    public Health health() {
        return health;
    }

    /** The services that run in this process. */
    public Services services() {
        return services;
    }

    /** The time for everything that is stored or shown; never {@code Instant.now()}. */
    public Clock clock() {
        return clock;
    }

    /** This process, as {@code host-pid}; the same as long as it lives. */
    public String instance() {
        return instance;
    }

    public Settings settings() {
        return settings;
    }

    /** Whether other processes can be reached over the event bus. */
    public boolean clustered() {
        return cluster != null;
    }

    /** Who is in the cluster and offers which service; in a process on its own only this process. */
    public Membership membership() {
        return membership;
    }

    /** The Hazelcast member of a clustered process, to watch membership; null otherwise. Holds no truth. */
    public HazelcastInstance hazelcast() {
        return cluster == null ? null : cluster.getHazelcastInstance();
    }

    /** Where the admin server listens, as {@code http://host:port}; null while it does not. */
    public String adminAddress() {
        return adminAddress;
    }

    void adminAddress(String address) {
        this.adminAddress = address;
    }

    /** How long Vert.x may take to close, in a process that has to end, before it is abandoned. */
    public Duration closeTimeout() {
        Duration share = settings().runtime().stopTimeout().dividedBy(CLOSE_SHARE);
        return share.compareTo(MIN_CLOSE_TIMEOUT) > 0 ? share : MIN_CLOSE_TIMEOUT;
    }

    /** The same as {@link #close(Duration)}, for who is in no hurry. */
    public Future<Void> close() {
        return close(PATIENT_CLOSE_TIMEOUT);
    }

    /**
     * Closes Vert.x, which leaves the cluster, then whatever remains of Hazelcast. Takes at most {@code limit} plus a
     * moment, and fails with a TimeoutException when that was not enough. Stop the services first.
     */
    public Future<Void> close(Duration limit) {
        membership.close();
        return Bounded.within(limit, vertx.close()).onComplete(closed -> {
            HazelcastInstance member = hazelcast();
            if (member != null && member.getLifecycleService().isRunning()) {
                LOG.warn("the cluster member did not leave in time and is terminated");
                member.getLifecycleService().terminate();
            }
            jvmMeters.close();
            meters.close();
        });
    }
}
