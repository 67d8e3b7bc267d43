package io.tradewind.servicekit;

import io.vertx.core.json.JsonObject;

/**
 * The one address that every process publishes on.
 *
 * <ul>
 *   <li>Owner: {@link Services}; anyone may subscribe.
 *   <li>Sent: every {@code runtime.heartbeat}, once per service, and at once when a service changes its state.
 *   <li>Payload: {@code JsonObject} {@code {"service", "instance", "state", "since", "version", "details": {check:
 *       {"status", "details"}}, "admin": "http://host:port"}}; {@code state} and {@code status} in lower case, {@code
 *       since} in RFC 3339; {@code admin} is missing where the process has no admin server.
 *   <li>Delivery: at most once, to all subscribers. A missing heartbeat means nothing, several in a row that the service
 *       is gone or the cluster is split.
 * </ul>
 */
public final class Heartbeats {
    public static final String ADDRESS = "tradewind.system.heartbeat";

    private Heartbeats() {}

    static JsonObject of(HealthReport.ServiceHealth health, String instance, String version, String admin) {
        JsonObject json = new JsonObject()
                .put("service", health.service())
                .put("instance", instance)
                .put("state", HealthReport.text(health.state()))
                .put("since", health.since().toString())
                .put("version", version)
                .put("details", health.checksJson());
        return admin == null ? json : json.put("admin", admin);
    }
}
