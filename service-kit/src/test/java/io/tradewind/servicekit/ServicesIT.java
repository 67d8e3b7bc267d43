package io.tradewind.servicekit;

import static io.tradewind.servicekit.Awaiting.await;
import static io.tradewind.servicekit.Awaiting.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.servicekit.config.Settings;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class ServicesIT {
    private final Toys toys = new Toys();
    private ServiceKit kit;

    private Services open(Settings.Builder settings) throws Exception {
        kit = await(ServiceKit.open(settings.build(), KitOptions.local()));
        return kit.services();
    }

    @AfterEach
    void close() throws Exception {
        if (kit != null) {
            await(kit.close());
        }
    }

    @Test
    void shouldStartInOrderAndStopInReverse() throws Exception {
        Services services = open(Toys.settings("a", "b", "c"));
        await(services.deployAll(List.of(toys.toy("a"), toys.toy("b"), toys.toy("c"))));

        assertEquals(
                List.of("a", "b", "c"),
                services.states().stream().map(ServiceStatus::service).toList());
        for (ServiceStatus status : services.states()) {
            assertEquals(ServiceState.UP, status.state());
            assertNotNull(status.startDuration());
        }
        assertTrue(await(kit.health().snapshot()).ready());

        assertTrue(await(services.stopAll()));
        assertEquals(List.of("start a", "start b", "start c", "stop c", "stop b", "stop a"), toys.diary);
        assertFalse(await(kit.health().snapshot()).ready());
    }

    @Test
    void shouldUseTheNativeTransportWhereThereIsOne() throws Exception {
        open(Toys.settings());
        boolean linux = System.getProperty("os.name").equals("Linux")
                && System.getProperty("os.arch").equals("amd64");
        assertEquals(linux, kit.vertx().isNativeTransportEnabled());
    }

    @Test
    void shouldSayWhichServiceDidNotStartAndWhy() throws Exception {
        Services services = open(Toys.settings("a", "b", "c").override("b.behaviour", "fail"));
        ServiceStartException failure = assertThrows(
                ServiceStartException.class,
                () -> await(services.deployAll(List.of(toys.toy("a"), toys.toy("b"), toys.toy("c")))));

        assertEquals("service b did not start: the battery is flat", failure.getMessage());
        assertEquals(
                List.of(ServiceState.UP, ServiceState.DOWN, ServiceState.STARTING),
                services.states().stream().map(ServiceStatus::state).toList());
        assertEquals("the battery is flat", services.states().get(1).failure());
        assertFalse(await(kit.health().snapshot()).live());
        assertFalse(toys.diary.contains("start c"));
    }

    @Test
    void shouldSurviveAnAssemblyThatThrows() throws Exception {
        Services services = open(Toys.settings("a").override("a.behaviour", "throw"));
        ServiceStartException failure =
                assertThrows(ServiceStartException.class, () -> await(services.deploy(toys.toy("a"))));
        assertEquals("service a did not start: the box is empty", failure.getMessage());
    }

    @Test
    void shouldGiveUpAServiceThatHangsInStart() throws Exception {
        Services services =
                open(Toys.settings("a").override("a.behaviour", "hang").override("runtime.start-timeout", "1s"));
        ServiceStartException failure =
                assertThrows(ServiceStartException.class, () -> await(services.deploy(toys.toy("a"))));
        assertEquals("service a did not start: it took longer than runtime.start-timeout = 1s", failure.getMessage());
    }

    @Test
    void shouldNotLetOneThatHangsInStopHoldTheOthers() throws Exception {
        Services services = open(Toys.settings("a", "b")
                .override("b.behaviour", "hang-on-stop")
                .override("runtime.stop-timeout", "500ms"));
        await(services.deployAll(List.of(toys.toy("a"), toys.toy("b"))));
        assertFalse(await(services.stopAll()), "a hanging stop is not clean");
        until("a is told to stop", () -> toys.diary.contains("stop a"));
    }

    @Test
    void shouldPublishHeartbeats() throws Exception {
        Services services = open(Toys.settings("a", "b"));
        List<JsonObject> seen = new CopyOnWriteArrayList<>();
        await(kit.vertx()
                .eventBus()
                .<JsonObject>consumer(Heartbeats.ADDRESS, message -> seen.add(message.body()))
                .completion());
        AdminServer admin = await(AdminServer.start(kit));
        await(services.deployAll(List.of(toys.toy("a"), toys.toy("b"))));

        until(
                "three heartbeats of b that is up",
                () -> seen.stream()
                                .filter(beat -> beat.getString("service").equals("b")
                                        && beat.getString("state").equals("up"))
                                .count()
                        >= 3);
        JsonObject last = seen.get(seen.size() - 1);
        assertEquals(kit.instance(), last.getString("instance"));
        assertEquals(Version.current(), last.getString("version"));
        assertEquals(admin.address(), last.getString("admin"));
        assertNotNull(last.getInstant("since"));
        assertEquals(
                9,
                last.getJsonObject("details")
                        .getJsonObject("battery")
                        .getJsonObject("details")
                        .getInteger("volts"));
    }

    @Test
    void shouldRestartOneService() throws Exception {
        Services services = open(Toys.settings("a", "b"));
        await(services.deployAll(List.of(toys.toy("a"), toys.toy("b"))));
        await(services.restart("a"));
        assertEquals(List.of("start a", "start b", "stop a", "start a"), toys.diary);
        assertTrue(await(kit.health().snapshot()).ready());
        assertThrows(IllegalArgumentException.class, () -> await(services.restart("z")));
        assertThrows(IllegalStateException.class, () -> await(services.deploy(toys.toy("b"))));
    }
}
