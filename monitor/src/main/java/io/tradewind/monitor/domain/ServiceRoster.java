package io.tradewind.monitor.domain;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Who is there: remembers the last heartbeat of each service in each process. One that is not heard of for longer than
 * the time-out counts as down; one that was expected and never heard of is unknown for as long as a time-out after the
 * beginning, and down from then on. A process that has been silent for {@link #FORGET_MS} is forgotten where another
 * one runs the same service.
 *
 * <p>Pure: is told the time. One caller at a time.
 */
public final class ServiceRoster {

    /** A restarted process has a new name; the old one is remembered this long, in milliseconds. */
    public static final long FORGET_MS = 600_000;

    /** Services of processes that are remembered; beyond it the longest silent ones are forgotten. */
    public static final int MAX_ENTRIES = 1_000;

    private record Key(String service, String instance) implements Comparable<Key> {

        @Override
        public int compareTo(Key other) {
            int byService = service.compareTo(other.service);
            return byService != 0 ? byService : instance.compareTo(other.instance);
        }
    }

    private record Heard(Heartbeat heartbeat, long atMs) {}

    private final Set<String> expected;
    private final long timeoutMs;
    private final long startedMs;
    private final Map<Key, Heard> heard = new TreeMap<>();

    /**
     * @param expected services that have to be there, in the order to show them in
     * @param timeoutMs longest silence, milliseconds
     * @param nowMs the beginning
     */
    public ServiceRoster(List<String> expected, long timeoutMs, long nowMs) {
        this.expected = new LinkedHashSet<>(expected);
        this.timeoutMs = timeoutMs;
        this.startedMs = nowMs;
    }

    public void heard(Heartbeat heartbeat, long nowMs) {
        heard.put(new Key(heartbeat.service(), heartbeat.instance()), new Heard(heartbeat, nowMs));
        if (heard.size() > MAX_ENTRIES) {
            forgetLongestSilent();
        }
    }

    /** Everyone, expected services first. */
    public List<ServiceView> views(long nowMs) {
        heard.entrySet()
                .removeIf(entry -> nowMs - entry.getValue().atMs() > FORGET_MS
                        && hasOther(entry.getKey().service(), entry.getKey().instance()));
        Set<String> names = new LinkedHashSet<>(expected);
        heard.keySet().forEach(key -> names.add(key.service()));
        List<ServiceView> views = new ArrayList<>();
        for (String name : names) {
            int before = views.size();
            heard.forEach((key, last) -> {
                if (key.service().equals(name)) {
                    views.add(view(last, nowMs));
                }
            });
            if (views.size() == before) {
                views.add(neverHeard(name, nowMs));
            }
        }
        return views;
    }

    private boolean hasOther(String service, String instance) {
        return heard.keySet().stream()
                .anyMatch(
                        key -> key.service().equals(service) && !key.instance().equals(instance));
    }

    private ServiceView view(Heard last, long nowMs) {
        Heartbeat heartbeat = last.heartbeat();
        long ageMs = Math.max(0, nowMs - last.atMs());
        ServiceState state = ageMs > timeoutMs ? ServiceState.DOWN : ServiceState.parse(heartbeat.state());
        return new ServiceView(
                heartbeat.service(),
                heartbeat.instance(),
                state,
                heartbeat.since(),
                ageMs,
                heartbeat.details(),
                heartbeat.admin());
    }

    private ServiceView neverHeard(String name, long nowMs) {
        ServiceState state = nowMs - startedMs > timeoutMs ? ServiceState.DOWN : ServiceState.UNKNOWN;
        return new ServiceView(name, null, state, null, ServiceView.NEVER, Map.of(), null);
    }

    private void forgetLongestSilent() {
        heard.entrySet().stream()
                .min((a, b) -> Long.compare(a.getValue().atMs(), b.getValue().atMs()))
                .map(Map.Entry::getKey)
                .ifPresent(heard::remove);
    }
}
