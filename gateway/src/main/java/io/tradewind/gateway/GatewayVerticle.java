package io.tradewind.gateway;

import io.tradewind.gateway.domain.KeyRing;
import io.tradewind.gateway.domain.UsedTickets;
import io.tradewind.gateway.endpoint.HttpInstance;
import io.tradewind.gateway.endpoint.Shared;
import io.tradewind.gateway.endpoint.StaticFiles;
import io.tradewind.servicekit.CheckResult;
import io.tradewind.servicekit.Health;
import io.tradewind.servicekit.HealthReport;
import io.tradewind.servicekit.Ports;
import io.tradewind.servicekit.ServiceKit;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts and stops the gateway: reads the keys, claims the port, deploys an {@link HttpInstance} per event loop. They are
 * its children, so Vert.x stops them (each drains what it has in progress) before this one. A crash loses nothing but
 * connections: the gateway keeps no state.
 */
public final class GatewayVerticle extends VerticleBase {

    private static final Logger LOG = LoggerFactory.getLogger(GatewayVerticle.class);
    private static final String CHECK = "http";
    private static final String ADDRESS = "address";

    private final ServiceKit kit;
    private final GatewayConfig config;

    public GatewayVerticle(ServiceKit kit, GatewayConfig config) {
        this.kit = kit;
        this.config = config;
    }

    /** Where the gateway of this process listens, such as {@code http://127.0.0.1:8080}; empty while it does not. */
    public static Optional<String> address(HealthReport report) {
        return report.service(GatewayConfig.SECTION)
                .map(service -> service.checks().get(CHECK))
                .map(check -> (String) check.details().get(ADDRESS));
    }

    @Override
    public Future<?> start() {
        return vertx.executeBlocking(this::prepare)
                .compose(shared -> {
                    DeploymentOptions options = new DeploymentOptions().setInstances(config.instances());
                    return vertx.deployVerticle(() -> new HttpInstance(shared), options)
                            .map(shared);
                })
                .onSuccess(shared -> {
                    String address = address(config.host(), shared.port());
                    kit.health().register(GatewayConfig.SECTION, CHECK, () -> check(address));
                    LOG.info(
                            "the API is at {}, {} keys may use it",
                            address,
                            shared.keys().size());
                });
    }

    /** Everything that reads files or tries ports, which no event loop should. */
    private Shared prepare() {
        return new Shared(
                kit,
                config,
                Ports.claim(config.host(), config.port(), config.strictPort()),
                readKeys(config.keysFile()),
                new UsedTickets(),
                StaticFiles.load(),
                new GatewayMeters(kit.meters()));
    }

    /** The {@link Health} of an HTTP server that listens: where. Its figures are in the metrics. */
    private static Future<CheckResult> check(String address) {
        return Future.succeededFuture(CheckResult.up(Map.of(ADDRESS, address)));
    }

    private static String address(String host, int port) {
        return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    private static KeyRing readKeys(Path file) {
        byte[] json;
        try {
            json = Files.readAllBytes(file);
        } catch (IOException e) {
            throw new IllegalStateException(
                    "gateway.keys-file " + file + " cannot be read; it holds the API keys that may use this server", e);
        }
        try {
            return KeyRing.parse(json);
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException("gateway.keys-file " + file + ": " + e.getMessage(), e);
        }
    }
}
