package io.tradewind.benchmarks.instance;

import io.tradewind.benchmarks.BenchException;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The running Tradewind that is measured.
 *
 * @param gateway such as {@code http://127.0.0.1:8080}
 * @param redis address of its Redis, or {@code null} when the log is not to be read
 * @param postgres address of its Postgres, or {@code null} when the tables are not to be read
 * @param admin such as {@code http://127.0.0.1:9090}, or {@code null} when it is not known
 * @param pid its process on this machine, or {@code null} when it is not known
 */
public record Instance(
        String gateway, String keyId, String secretKey, String redis, String postgres, String admin, Long pid) {

    private static final String ENDPOINTS = "endpoints.json";
    private static final String CREDENTIALS = "credentials.json";

    /**
     * What {@code ./tradewind up} wrote into its data directory, with {@code overrides} where they are not null. With an
     * address of its own given, the databases found there are not used: they would be those of another instance.
     */
    public static Instance of(Path data, Instance overrides) {
        Path endpointsFile = data.resolve(ENDPOINTS);
        Path credentialsFile = data.resolve(CREDENTIALS);
        JsonObject endpoints = overrides.gateway != null ? new JsonObject() : read(endpointsFile);
        boolean keyGiven = overrides.keyId != null && overrides.secretKey != null;
        JsonObject credentials = keyGiven ? new JsonObject() : read(credentialsFile);
        return new Instance(
                required(overrides.gateway, endpoints, "gateway", endpointsFile),
                required(overrides.keyId, credentials, "key_id", credentialsFile),
                required(overrides.secretKey, credentials, "secret_key", credentialsFile),
                overrides.redis != null ? overrides.redis : endpoints.getString("redis"),
                overrides.postgres != null ? overrides.postgres : endpoints.getString("postgres"),
                overrides.admin != null ? overrides.admin : endpoints.getString("admin"),
                overrides.pid != null ? overrides.pid : endpoints.getLong("pid"));
    }

    private static String required(String override, JsonObject json, String field, Path file) {
        String value = override != null ? override : json.getString(field);
        if (value == null) {
            throw BenchException.notReachable(
                    "no \"" + field + "\" in " + file + "; is that the data directory of a running Tradewind?", null);
        }
        return value;
    }

    private static JsonObject read(Path file) {
        if (!Files.exists(file)) {
            throw BenchException.notReachable(
                    file + " is not there: no Tradewind is running with that data directory; start one with"
                            + " './tradewind up', or give --data, or --url, --key and --secret",
                    null);
        }
        try {
            return new JsonObject(Files.readString(file));
        } catch (IOException | DecodeException e) {
            throw BenchException.notReachable("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    /** For messages: never shows the secret. */
    @Override
    public String toString() {
        return "Tradewind at " + gateway;
    }
}
