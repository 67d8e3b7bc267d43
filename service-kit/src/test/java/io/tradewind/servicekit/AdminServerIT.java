package io.tradewind.servicekit;

import static io.tradewind.servicekit.Awaiting.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class AdminServerIT {
    private final HttpClient client = HttpClient.newHttpClient();
    private final Toys toys = new Toys();
    private ServiceKit kit;
    private AdminServer admin;

    private void open(String port, boolean strict) throws Exception {
        kit = await(ServiceKit.open(
                Toys.settings("toy")
                        .override("admin.port", port)
                        .override("admin.strict-port", String.valueOf(strict))
                        .build(),
                KitOptions.local()));
        admin = await(AdminServer.start(kit));
    }

    @AfterEach
    void close() throws Exception {
        await(kit.close());
    }

    private HttpResponse<String> call(String method, String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(admin.address() + path))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .timeout(Duration.ofMinutes(1))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private int status(String path) throws Exception {
        return call("GET", path).statusCode();
    }

    @Test
    void shouldFollowTheLifeOfTheServices() throws Exception {
        open("0", true);
        assertEquals(503, status("/health/ready"));
        assertEquals(200, status("/health/live"));

        await(kit.services().deployAll(List.of(toys.toy("toy"))));
        assertEquals(200, status("/health/ready"));
        HttpResponse<String> health = call("GET", "/health");
        assertEquals(200, health.statusCode());
        JsonObject toy = new JsonObject(health.body()).getJsonObject("services").getJsonObject("toy");
        assertEquals("up", toy.getJsonObject("checks").getJsonObject("battery").getString("status"));

        kit.health().register("toy", "log", () -> Future.succeededFuture(CheckResult.down("gone")));
        assertEquals(503, status("/health"));
        assertEquals(200, status("/health/ready"));
        await(kit.services().stopAll());
        assertEquals(503, status("/health/ready"));
    }

    @Test
    void shouldShowTheMetersOfServicesAndMachine() throws Exception {
        open("0", true);
        kit.meters().counter("toy.squeaks").increment();
        String metrics = call("GET", "/metrics").body();
        for (String name : List.of(
                "toy_squeaks_total 1.0",
                "jvm_memory_used_bytes",
                "jvm_threads_live_threads",
                "process_cpu_usage",
                "process_uptime_seconds",
                "process_files_open_files",
                "jvm_gc_",
                "tradewind_heap_left_bytes",
                "vertx_pool_")) {
            assertTrue(metrics.contains(name), name);
        }
    }

    @Test
    void shouldRefuseWhatItDoesNotKnow() throws Exception {
        open("0", true);
        assertEquals(404, status("/"));
        assertEquals(404, status("/health/../metrics"));
        assertEquals(405, call("POST", "/health").statusCode());
        assertEquals(200, call("HEAD", "/health/live").statusCode());
    }

    @Test
    void shouldMoveToTheNextPortUnlessStrict() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = String.valueOf(other.getLocalPort());
            open(port, false);
            assertTrue(admin.actualPort() > other.getLocalPort());
            await(kit.close());
            PortTakenException refused = assertThrows(PortTakenException.class, () -> open(port, true));
            assertTrue(refused.getMessage().contains(port));
        }
    }
}
