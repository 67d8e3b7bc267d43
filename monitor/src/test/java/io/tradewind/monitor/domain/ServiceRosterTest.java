package io.tradewind.monitor.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ServiceRosterTest {

    private static final long TIMEOUT_MS = 5_000;

    private final ServiceRoster roster = new ServiceRoster(List.of("state-store", "gateway"), TIMEOUT_MS, 1_000);

    @Test
    void shouldNotCallAServiceDownBeforeItHadTimeToSpeak() {
        assertEquals(List.of(ServiceState.UNKNOWN, ServiceState.UNKNOWN), states(6_000));
        assertEquals(List.of(ServiceState.DOWN, ServiceState.DOWN), states(6_001));
        ServiceView never = roster.views(6_001).get(0);
        assertEquals("state-store", never.name());
        assertNull(never.instance());
        assertEquals(ServiceView.NEVER, never.ageMs());
    }

    @Test
    void shouldSayWhatAServiceSaysUntilItFallsSilent() {
        heard("gateway", "a", "degraded", 2_000);
        assertEquals(List.of(ServiceState.UNKNOWN, ServiceState.DEGRADED), states(3_000));
        assertEquals(1_000, roster.views(3_000).get(1).ageMs());
        assertEquals(Map.of("port", 8080), roster.views(3_000).get(1).details());
        assertEquals(ServiceState.DEGRADED, states(7_000).get(1));
        assertEquals(ServiceState.DOWN, states(7_001).get(1));
        heard("gateway", "a", "up", 8_000);
        assertEquals(ServiceState.UP, states(8_000).get(1));
    }

    @Test
    void shouldShowEveryProcessAndServicesThatNobodyExpected() {
        heard("gateway", "b", "up", 2_000);
        heard("gateway", "a", "up", 2_000);
        heard("news-feed", "c", "up", 2_000);
        assertEquals(
                List.of("state-store null", "gateway a", "gateway b", "news-feed c"),
                roster.views(2_000).stream()
                        .map(view -> view.name() + " " + view.instance())
                        .toList());
    }

    @Test
    void shouldForgetAProcessThatAnotherOneReplaced() {
        heard("gateway", "old", "up", 2_000);
        heard("gateway", "new", "up", 3_000);
        long late = 2_000 + ServiceRoster.FORGET_MS + 1;
        heard("gateway", "new", "up", late);
        assertEquals("new", roster.views(late).get(1).instance());
        assertEquals(2, roster.views(late).size());
        // The last one stays, however long it is silent: it is what is missing.
        assertEquals("new", roster.views(10 * late).get(1).instance());
    }

    @Test
    void shouldNotGrowWithoutBound() {
        for (int i = 0; i < ServiceRoster.MAX_ENTRIES + 50; i++) {
            heard("gateway", "process-" + i, "up", 2_000 + i);
        }
        List<ServiceView> views = roster.views(3_000);
        assertEquals(ServiceRoster.MAX_ENTRIES + 1, views.size());
        assertTrue(views.stream().noneMatch(view -> "process-0".equals(view.instance())));
    }

    @Test
    void shouldTakeAnUnknownStateForUnknown() {
        heard("gateway", "a", "dancing", 2_000);
        assertEquals(ServiceState.UNKNOWN, states(2_000).get(1));
    }

    private void heard(String service, String instance, String state, long atMs) {
        roster.heard(new Heartbeat(service, instance, state, "2026-01-01T00:00:00Z", Map.of("port", 8080), null), atMs);
    }

    private List<ServiceState> states(long nowMs) {
        return roster.views(nowMs).stream().map(ServiceView::state).toList();
    }
}
