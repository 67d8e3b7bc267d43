package io.tradewind.servicekit;

import static io.tradewind.servicekit.Awaiting.await;
import static io.tradewind.servicekit.Awaiting.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.servicekit.config.Settings;
import io.vertx.core.Future;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Members of a cluster within one JVM, which only lacks the processes. */
@Timeout(180)
class MembershipIT {

    private final List<ServiceKit> kits = new ArrayList<>();

    private ServiceKit member(int port) throws Exception {
        Settings settings = Toys.settings()
                .override(
                        "cluster.name", "membership-" + ProcessHandle.current().pid())
                .override("cluster.port", String.valueOf(port))
                .override("cluster.members", "127.0.0.1:" + port)
                .build();
        ServiceKit kit = await(ServiceKit.open(settings, KitOptions.inCluster()));
        kits.add(kit);
        return kit;
    }

    @AfterEach
    void close() throws Exception {
        for (ServiceKit kit : kits) {
            await(kit.close());
        }
    }

    @Test
    void shouldKnowOnlyItselfOutsideOfACluster() throws Exception {
        ServiceKit kit = await(ServiceKit.open(Toys.settings().build(), KitOptions.local()));
        kits.add(kit);
        Membership membership = kit.membership();
        assertEquals(Set.of(membership.self()), membership.view().members());
        assertEquals(Set.of(), membership.view().offering("toy"));

        await(membership.offer("toy"));
        until("offered", () -> membership.view().offering("toy").equals(Set.of(membership.self())));
        await(membership.withdraw("toy"));
        until("withdrawn", () -> membership.view().offering("toy").isEmpty());
    }

    @Test
    void shouldTellEveryMemberWhoOffersWhat() throws Exception {
        int port = Ports.claim("127.0.0.1", 15_801, false);
        ServiceKit first = member(port);
        List<MembershipView> seen = new CopyOnWriteArrayList<>();
        first.vertx().runOnContext(v -> first.membership().watch(seen::add));
        await(first.membership().offer("toy"));
        ServiceKit second = member(port);
        await(second.membership().offer("toy"));
        await(second.membership().offer("other"));

        Set<String> both = new TreeSet<>(
                Set.of(first.membership().self(), second.membership().self()));
        for (ServiceKit kit : List.of(first, second)) {
            until("both offer", () -> kit.membership().view().offering("toy").equals(both));
            until("one offers", () -> kit.membership().view().offering("other").size() == 1);
        }
        until(
                "watchers hear what is seen",
                () -> seen.contains(first.membership().view()));

        await(second.membership().withdraw("toy"));
        until("withdrawn", () -> first.membership().view().offering("toy").size() == 1);
        await(kits.remove(1).close());
        until(
                "gone",
                () -> first.membership().view().offering("other").isEmpty()
                        && first.membership().view().members().size() == 1);
    }

    @Test
    void shouldAnswerLatecomersWithoutBeingChosen() throws Exception {
        int port = Ports.claim("127.0.0.1", 15_901, false);
        ServiceKit first = member(port);
        ServiceKit second = member(port);
        DeliveryOptions patience = new DeliveryOptions().setSendTimeout(20_000);
        await(first.membership()
                .<String>latecomers("toy.echo", message -> message.fail(7, "moved"))
                .orElseThrow()
                .completion());
        ReplyException nobody = assertThrows(
                ReplyException.class, () -> await(second.vertx().eventBus().request("toy.echo", "x", patience)));
        assertEquals(ReplyFailure.NO_HANDLERS, nobody.failureType(), "not chosen");

        MessageConsumer<String> listed =
                first.vertx().eventBus().consumer("toy.echo", message -> message.reply("here"));
        await(listed.completion());
        List<String> answers = new ArrayList<>();
        until("both answer what arrives here", () -> {
            answers.add(answer(second, patience));
            return answers.contains("here") && answers.contains("moved");
        });
        await(listed.unregister());
        until("nobody is chosen any more", () -> answer(second, patience).equals("NO_HANDLERS"));
    }

    @Test
    void shouldGiveUpAtOnceWhatAMemberThatLeftWasAsked() throws Exception {
        int port = Ports.claim("127.0.0.1", 16_001, false);
        ServiceKit first = member(port);
        ServiceKit second = member(port);
        List<String> heard = new CopyOnWriteArrayList<>();
        await(second.vertx()
                .eventBus()
                .<String>consumer("toy.silent", message -> heard.add(message.body()))
                .completion());
        // Longer than this test may take: only the departure can end it.
        DeliveryOptions forever = new DeliveryOptions().setSendTimeout(TimeUnit.MINUTES.toMillis(10));
        Future<Message<String>> pending = first.vertx().eventBus().request("toy.silent", "x", forever);
        until("asked", () -> heard.size() == 1);

        second.hazelcast().getLifecycleService().terminate();

        ReplyException lost = assertThrows(ReplyException.class, () -> await(pending));
        assertEquals(ReplyFailure.ERROR, lost.failureType(), "its outcome is unknown");
        assertTrue(lost.getMessage().contains("toy.silent"), lost.getMessage());
        assertEquals("NO_HANDLERS", answer(first, "toy.silent", forever), "nothing more is sent there");
        assertEquals(1, heard.size());
    }

    @Test
    void shouldKeepRequestsToOthersWhenAMemberLeaves() throws Exception {
        int port = Ports.claim("127.0.0.1", 16_101, false);
        ServiceKit first = member(port);
        ServiceKit second = member(port);
        ServiceKit third = member(port);
        List<Message<String>> asked = new CopyOnWriteArrayList<>();
        await(second.vertx().eventBus().<String>consumer("toy.slow", asked::add).completion());
        DeliveryOptions patience = new DeliveryOptions().setSendTimeout(60_000);
        Future<Message<String>> pending = first.vertx().eventBus().request("toy.slow", "x", patience);
        until("asked", () -> asked.size() == 1);

        third.hazelcast().getLifecycleService().terminate();
        until("gone", () -> first.membership().view().members().size() == 2);

        asked.get(0).reply("done");
        assertEquals("done", await(pending).body());
    }

    @Test
    void shouldRegisterAgainWhatTheClusterHasLost() throws Exception {
        int port = Ports.claim("127.0.0.1", 16_201, false);
        ServiceKit first = member(port);
        ServiceKit second = member(port);
        DeliveryOptions patience = new DeliveryOptions().setSendTimeout(20_000);
        MessageConsumer<String> consumer =
                first.vertx().eventBus().consumer("toy.echo", message -> message.reply("here"));
        await(consumer.completion());
        until("found", () -> answer(second, patience).equals("here"));

        // As a member does that is late to notice a departure, after the departed one has come back.
        assertEquals(
                1,
                second.hazelcast()
                        .getMultiMap("__vertx.subs")
                        .remove("toy.echo")
                        .size());
        assertNotNull(second.hazelcast()
                .getMap("__vertx.nodeInfo")
                .remove(first.membership().self()));

        // How long it was lost is not to be seen for sure: it may be registered again before anybody asks.
        until(
                "registered again",
                () -> second.hazelcast().getMultiMap("__vertx.subs").valueCount("toy.echo") == 1);
        until("known again", () -> second.hazelcast()
                .getMap("__vertx.nodeInfo")
                .containsKey(first.membership().self()));
        until("found again", () -> answer(second, patience).equals("here"));
        await(consumer.unregister());
        until("gone for good", () -> answer(second, patience).equals("NO_HANDLERS"));
        await(first.membership().repair());
        assertEquals("NO_HANDLERS", answer(second, patience));
    }

    private static String answer(ServiceKit from, DeliveryOptions patience) {
        return answer(from, "toy.echo", patience);
    }

    private static String answer(ServiceKit from, String address, DeliveryOptions patience) {
        try {
            return await(from.vertx().eventBus().<String>request(address, "x", patience))
                    .body();
        } catch (ReplyException failure) {
            return failure.failureCode() == 7 ? "moved" : failure.failureType().name();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
