package io.tradewind.gateway;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.contracts.MessageCodecs;
import io.tradewind.gateway.domain.TestKeys;
import io.tradewind.servicekit.KitOptions;
import io.tradewind.servicekit.ServiceKit;
import io.tradewind.servicekit.config.Settings;
import io.vertx.core.Future;
import io.vertx.core.internal.VertxInternal;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A gateway as it is deployed, with stand-ins for the services behind it. */
final class GatewayBed {

    static final String ACCOUNT = TestKeys.ACCOUNT;
    static final Map<String, String> KEY =
            Map.of("APCA-API-KEY-ID", TestKeys.ID, "APCA-API-SECRET-KEY", TestKeys.SECRET);
    static final Map<String, String> READ_KEY =
            Map.of("APCA-API-KEY-ID", "READER", "APCA-API-SECRET-KEY", "reader-secret");

    /** Less than any of the deadlines below, so that waiting for one of them does not pass for being quick. */
    private static final long WAIT_S = 45;

    final ServiceKit kit;
    final FakeStateStore state;
    final FakeOrderQueue orders;
    final int port;

    GatewayBed(Path directory, String... overrides) throws Exception {
        Path keys = directory.resolve("keys.json");
        Files.writeString(
                keys,
                "[" + TestKeys.entry(TestKeys.ID, TestKeys.SECRET, ACCOUNT, Set.of("trade", "read", "admin")) + ","
                        + TestKeys.entry("READER", "reader-secret", ACCOUNT, Set.of("read")) + ","
                        + TestKeys.entry("TRADER", "trader-secret", ACCOUNT, Set.of("read", "trade")) + "]");
        Settings.Builder settings = Settings.builder()
                .section(GatewayConfig.SECTION, GatewayConfig.class)
                .override("gateway.port", "0")
                .override("gateway.instances", "1")
                .override("gateway.keys-file", keys.toString())
                // A busy machine is no silent service; what a deadline does is for the tests that set one.
                .override("gateway.command-deadline", "1m")
                .override("gateway.query-deadline", "1m")
                .override("gateway.drain-timeout", "1m")
                .override("runtime.stop-timeout", "1m")
                .override("gateway.past-orders", "false");
        for (String override : overrides) {
            settings.override(override.startsWith("postgres.") ? override : "gateway." + override);
        }
        kit = await(ServiceKit.open(settings.build(), KitOptions.local()));
        MessageCodecs.registerAll(kit.vertx().eventBus());
        state = new FakeStateStore(kit.vertx());
        orders = new FakeOrderQueue(kit.vertx(), state);
        await(kit.services().deploy(GatewayMain.SERVICE));
        String address =
                await(kit.health().snapshot().map(GatewayVerticle::address)).orElseThrow();
        port = URI.create(address).getPort();
    }

    /** From now on, until the returned action is run, what arrives waits for the event loops, as if it all came at once. */
    Runnable standstill() {
        CountDownLatch over = new CountDownLatch(1);
        ((VertxInternal) kit.vertx())
                .eventLoopGroup()
                .forEach(loop -> loop.execute(() -> {
                    try {
                        over.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }));
        return over::countDown;
    }

    RawHttp connect() throws Exception {
        return new RawHttp(port);
    }

    SseClient stream(String query) throws Exception {
        return stream(query, KEY);
    }

    SseClient stream(String query, Map<String, String> headers) throws Exception {
        return new SseClient("http://127.0.0.1:" + port + "/v2/events" + query, headers);
    }

    static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(WAIT_S, TimeUnit.SECONDS);
    }

    /** Polls until it holds. */
    static void until(String what, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_S);
        while (!condition.getAsBoolean() && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
        assertTrue(condition.getAsBoolean(), what);
    }

    void close() throws Exception {
        await(kit.services().stopAll());
        await(kit.close());
    }
}
