package io.tradewind.servicekit;

import io.tradewind.servicekit.config.AdminConfig;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers operators and probes, one per process: {@code /health} (JSON; 503 when anything is down or not started),
 * {@code /health/live}, {@code /health/ready} and {@code /metrics} (Prometheus text). Runs on one event loop; closed by
 * the program, or with Vert.x. It has no login and changes nothing, so it listens on loopback unless configured otherwise.
 */
public final class AdminServer {
    private static final Logger LOG = LoggerFactory.getLogger(AdminServer.class);
    private static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";
    private static final int IDLE_TIMEOUT_SECONDS = 60;
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final int METHOD_NOT_ALLOWED = 405;
    private static final int INTERNAL_ERROR = 500;
    private static final int UNAVAILABLE = 503;

    private final ServiceKit kit;
    private final AdminConfig config;
    private final HttpServer server;

    private AdminServer(ServiceKit kit, AdminConfig config) {
        this.kit = kit;
        this.config = config;
        this.server = kit.vertx()
                .createHttpServer(new HttpServerOptions().setIdleTimeout(IDLE_TIMEOUT_SECONDS))
                .requestHandler(this::answer);
    }

    /** Listens where the section {@code admin} says, on the next free port if that may be. */
    public static Future<AdminServer> start(ServiceKit kit) {
        AdminConfig config = kit.settings().admin();
        AdminServer admin = new AdminServer(kit, config);
        int port;
        try {
            port = Ports.claim(config.host(), config.port(), config.strictPort());
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
        return admin.server.listen(port, config.host()).map(listening -> {
            kit.adminAddress(admin.address());
            LOG.info("health and metrics at {}", admin.address());
            return admin;
        });
    }

    /** The port it listens on. */
    public int actualPort() {
        return server.actualPort();
    }

    /** Such as {@code http://127.0.0.1:9090}. */
    public String address() {
        return "http://" + (config.host().contains(":") ? "[" + config.host() + "]" : config.host()) + ":"
                + actualPort();
    }

    public Future<Void> close() {
        return server.close();
    }

    private void answer(HttpServerRequest request) {
        if (!HttpMethod.GET.equals(request.method()) && !HttpMethod.HEAD.equals(request.method())) {
            error(request.response().putHeader("allow", "GET, HEAD"), METHOD_NOT_ALLOWED, "only GET is allowed here");
            return;
        }
        switch (request.path()) {
            case "/health" -> health(request.response());
            case "/health/live" -> probe(request.response(), "live");
            case "/health/ready" -> probe(request.response(), "ready");
            case "/metrics" -> metrics(request.response());
            default ->
                error(request.response(), NOT_FOUND, "there are /health, /health/live, /health/ready and /metrics");
        }
    }

    private void health(HttpServerResponse response) {
        kit.health()
                .snapshot()
                .onSuccess(report -> json(response, report.state().isStarted() ? OK : UNAVAILABLE, report.toJson()))
                .onFailure(failure -> failed(response, failure));
    }

    private void probe(HttpServerResponse response, String which) {
        kit.health()
                .snapshot()
                .onSuccess(report -> {
                    boolean good = which.equals("live") ? report.live() : report.ready();
                    json(response, good ? OK : UNAVAILABLE, new JsonObject().put(which, good));
                })
                .onFailure(failure -> failed(response, failure));
    }

    // Gathering walks every meter and may take milliseconds, which no event loop should.
    private void metrics(HttpServerResponse response) {
        kit.vertx()
                .executeBlocking(kit::scrapeMeters, false)
                .onSuccess(text ->
                        response.putHeader("content-type", PROMETHEUS_TEXT).end(text))
                .onFailure(failure -> failed(response, failure));
    }

    private static void failed(HttpServerResponse response, Throwable failure) {
        LOG.error("an admin request failed", failure);
        error(response, INTERNAL_ERROR, "failed; the log has the details");
    }

    private static void error(HttpServerResponse response, int status, String message) {
        json(response, status, new JsonObject().put("code", status).put("message", message));
    }

    private static void json(HttpServerResponse response, int status, JsonObject body) {
        response.setStatusCode(status)
                .putHeader("content-type", "application/json")
                .putHeader("cache-control", "no-store")
                .end(body.toBuffer());
    }
}
