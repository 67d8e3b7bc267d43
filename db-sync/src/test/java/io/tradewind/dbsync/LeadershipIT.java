package io.tradewind.dbsync;

import static io.tradewind.dbsync.Await.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.embeddedservers.SharedServers;
import io.tradewind.servicekit.CheckResult.Status;
import io.tradewind.servicekit.Ports;
import io.tradewind.servicekit.ServiceKit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Several db-syncs in one cluster: one follows the logs, and when it goes, another does. */
@Timeout(value = 240, unit = TimeUnit.SECONDS)
class LeadershipIT {

    private static final int FIRST_PORT = 18_101;

    private final int port = Ports.claim("127.0.0.1", FIRST_PORT, false);
    private TestBed bed;

    @BeforeEach
    void open() {
        SharedServers.flushRedis();
        bed = new TestBed(SharedServers.redis().uri(), SharedServers.freshDatabase());
    }

    @AfterEach
    void close() {
        bed.close();
    }

    private ServiceKit member() {
        return bed.startInCluster(
                "cluster.name=db-syncs-" + ProcessHandle.current().pid(),
                "cluster.port=" + port,
                "cluster.members=127.0.0.1:" + port);
    }

    private static boolean standsBy(ServiceKit kit) {
        return Boolean.TRUE.equals(TestBed.checks(kit).get("lag").details().get("standby"));
    }

    @Test
    void shouldFollowTheLogsInOneOfThemAndInAnotherWhenThatOneGoes() throws Exception {
        ServiceKit one = member();
        ServiceKit two = member();
        until("one of them leads", () -> standsBy(one) != standsBy(two));
        ServiceKit leader = standsBy(one) ? two : one;
        ServiceKit other = leader == one ? two : one;
        bed.append(0, TestLog.tx(1, TestLog.order("A", "o1", "accepted", "0")));
        until("written", () -> bed.offset(0) == 1);
        until("counted", () -> TestBed.counter(leader, "tradewind.dbsync.transactions") == 1);
        assertEquals(0, TestBed.counter(other, "tradewind.dbsync.transactions"));
        assertTrue(
                TestBed.checks(other).entrySet().stream()
                        .map(Map.Entry::getValue)
                        .allMatch(check -> check.status() == Status.UP),
                "standing by is no trouble");

        bed.stop(leader);
        bed.append(0, TestLog.tx(2, TestLog.order("A", "o1", "filled", "10")));
        until("written by the other", () -> bed.offset(0) == 2);

        until("it leads", () -> !standsBy(other));
        assertEquals(List.of("filled|2"), bed.query("SELECT status, version FROM orders"));
        assertEquals(0, TestBed.counter(other, "tradewind.dbsync.refused"));
        bed.assertArchiveIsTheLog(0);
    }
}
