package io.tradewind.servicekit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.spi.cluster.RegistrationInfo;
import io.vertx.core.spi.cluster.RegistrationListener;
import io.vertx.core.spi.cluster.RegistrationUpdateEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RegistrationsTest {

    private final Map<String, List<String>> told = new HashMap<>();
    private final Registrations registrations = new Registrations(new RegistrationListener() {
        @Override
        public boolean wantsUpdatesFor(String address) {
            return true;
        }

        @Override
        public void registrationsUpdated(RegistrationUpdateEvent event) {
            told.put(event.address(), members(event.registrations()));
        }
    });

    private List<String> answer(String address, List<RegistrationInfo> found) {
        List<String> heard = new ArrayList<>();
        registrations.answered(address, found, (result, failure) -> heard.addAll(members(result)));
        return heard;
    }

    private static List<RegistrationInfo> by(String... members) {
        return List.of(members).stream()
                .map(member -> new RegistrationInfo(member, 1, false))
                .toList();
    }

    private static List<String> members(List<RegistrationInfo> registrations) {
        return registrations.stream().map(RegistrationInfo::nodeId).toList();
    }

    @Test
    void shouldShowWhatTheClusterSaysWhileNobodyHasLeft() {
        assertEquals(List.of("a", "b"), answer("toy", by("a", "b")), "not seen yet");
        registrations.members(Set.of("a", "b"));
        assertTrue(told.isEmpty(), "nothing has changed");
        registrations.registrationsUpdated(new RegistrationUpdateEvent("toy", by("b")));
        assertEquals(List.of("b"), told.get("toy"));
    }

    @Test
    void shouldHideWhoHasLeftUntilItComesBack() {
        registrations.members(Set.of("a", "b"));
        answer("toy", by("a", "b"));
        answer("other", by("b"));

        registrations.members(Set.of("a"));
        assertEquals(Map.of("toy", List.of("a"), "other", List.of()), told);
        assertEquals(List.of("a"), answer("toy", by("a", "b")), "still registered");
        assertEquals(List.of("a", "b"), registrations.consumers("toy"), "as the cluster has it");

        registrations.members(Set.of("a", "b"));
        assertEquals(Map.of("toy", List.of("a", "b"), "other", List.of("b")), told);
    }

    @Test
    void shouldLeaveItToTheAnswerToSayThatNobodyIsThere() {
        registrations.asked("toy");
        registrations.registrationsUpdated(new RegistrationUpdateEvent("toy", List.of()));
        assertTrue(told.isEmpty(), "the event bus would forget what it keeps until the answer");
        assertEquals(List.of(), answer("toy", by("a")), "what was heard meanwhile is newer");
        registrations.registrationsUpdated(new RegistrationUpdateEvent("toy", List.of()));
        assertEquals(List.of(), told.get("toy"));
    }

    @Test
    void shouldTellWhatNobodyHasAnnounced() {
        answer("toy", by("a", "b"));
        registrations.looked("toy", by("b", "a"));
        assertTrue(told.isEmpty(), "the same");
        registrations.looked("toy", by("b", "c"));
        assertEquals(List.of("b", "c"), told.get("toy"));
        registrations.looked("toy", List.of());
        assertEquals(List.of(), told.get("toy"));
        assertTrue(registrations.addresses().isEmpty());
    }
}
