package io.tradewind.servicekit;

import static io.tradewind.servicekit.Awaiting.await;
import static io.tradewind.servicekit.Awaiting.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.servicekit.config.Settings;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class ClusterIT {
    private final List<ServiceKit> kits = new ArrayList<>();

    private ServiceKit member(int port) throws Exception {
        Settings settings = Toys.settings()
                // A name of its own, so that a Tradewind that runs on this machine is not joined.
                .override("cluster.name", "test-" + ProcessHandle.current().pid())
                .override("cluster.port", String.valueOf(port))
                // Any port from there on: another program may take one in the meantime.
                .override("cluster.members", "127.0.0.1")
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
    void shouldCarryMessagesBetweenMembersAndNoticeOneThatLeaves() throws Exception {
        int port = Ports.claim("127.0.0.1", 15_701, false);
        ServiceKit first = member(port);
        ServiceKit second = member(port);
        assertTrue(first.clustered());
        for (ServiceKit each : kits) {
            until(
                    "both see each other",
                    () -> each.hazelcast().getCluster().getMembers().size() == 2);
        }

        await(first.vertx()
                .eventBus()
                .<String>consumer("toy.echo", message -> message.reply("echo of " + message.body()))
                .completion());
        assertEquals(
                "echo of ping",
                await(second.vertx().eventBus().<String>request("toy.echo", "ping"))
                        .body());

        await(kits.remove(1).close());
        until(
                "one member is left",
                () -> first.hazelcast().getCluster().getMembers().size() == 1);
    }
}
