package io.tradewind.servicekit;

import io.vertx.core.Completable;
import io.vertx.core.spi.cluster.RegistrationInfo;
import io.vertx.core.spi.cluster.RegistrationListener;
import io.vertx.core.spi.cluster.RegistrationUpdateEvent;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which members consume the addresses that this process sends to. Stands between the cluster manager and the event bus,
 * so that nothing is sent to a member that has left: the registrations of the dead are cleared away by the others one by
 * one, which takes a while, and a message that is sent to them meanwhile is lost.
 *
 * <p>It also keeps what the event bus hears in an order that the event bus can bear, see {@link #tell}.
 *
 * <p>Any thread. Memory only.
 */
final class Registrations implements RegistrationListener {

    private final RegistrationListener bus;
    /** As the cluster has it, departed members included; only what the event bus has asked for. */
    private final Map<String, List<RegistrationInfo>> known = new ConcurrentHashMap<>();

    /** The same, but what there was last for an address that nobody consumes any more. */
    private final Map<String, List<String>> last = new ConcurrentHashMap<>();

    private final Set<String> asking = new HashSet<>();
    private final Map<String, List<RegistrationInfo>> heardWhileAsking = new HashMap<>();
    private Set<String> members = Set.of();
    /** Were members and are not. Those who have never been seen may just be coming. */
    private volatile Set<String> departed = Set.of();

    Registrations(RegistrationListener bus) {
        this.bus = bus;
    }

    /** The members of the cluster, whenever they have changed. */
    synchronized void members(Set<String> now) {
        Set<String> gone = new HashSet<>(departed);
        gone.addAll(members);
        gone.removeAll(now);
        members = Set.copyOf(now);
        if (!gone.equals(departed)) {
            departed = Set.copyOf(gone);
            known.forEach(this::tell);
        }
    }

    /** The event bus asks for an address, and keeps what is sent there until it has the answer. */
    synchronized void asked(String address) {
        asking.add(address);
    }

    /** The answer of the cluster; what was heard meanwhile is newer. */
    synchronized void answered(String address, List<RegistrationInfo> found, Completable<List<RegistrationInfo>> bus) {
        asking.remove(address);
        List<RegistrationInfo> heard = heardWhileAsking.remove(address);
        List<RegistrationInfo> newest = heard == null ? found : heard;
        remember(address, newest);
        bus.succeed(live(newest));
    }

    /** There was no answer. */
    synchronized void failed(String address, Throwable failure, Completable<List<RegistrationInfo>> bus) {
        asking.remove(address);
        heardWhileAsking.remove(address);
        bus.fail(failure);
    }

    /** Who consumes {@code address}, or did so last, departed or not; empty when the event bus never asked. */
    List<String> consumers(String address) {
        return last.getOrDefault(address, List.of());
    }

    /** Whether all of these have left: nothing is sent to them. */
    boolean areGone(List<String> consumers) {
        return !consumers.isEmpty() && departed.containsAll(consumers);
    }

    /** Addresses that the event bus sends to. */
    Set<String> addresses() {
        return Set.copyOf(known.keySet());
    }

    /** What the cluster has now, where nothing has announced a change. */
    void looked(String address, List<RegistrationInfo> found) {
        List<RegistrationInfo> before = known.get(address);
        if (before != null && !Set.copyOf(before).equals(Set.copyOf(found))) {
            registrationsUpdated(new RegistrationUpdateEvent(address, found));
        }
    }

    @Override
    public boolean wantsUpdatesFor(String address) {
        return bus.wantsUpdatesFor(address);
    }

    @Override
    public synchronized void registrationsUpdated(RegistrationUpdateEvent event) {
        if (asking.contains(event.address())) {
            heardWhileAsking.put(event.address(), event.registrations());
        }
        remember(event.address(), event.registrations());
        tell(event.address(), event.registrations());
    }

    @Override
    public void registrationsLost() {
        bus.registrationsLost();
    }

    private void remember(String address, List<RegistrationInfo> found) {
        if (found.isEmpty()) {
            known.remove(address);
        } else {
            known.put(address, List.copyOf(found));
            last.put(
                    address,
                    found.stream().map(RegistrationInfo::nodeId).distinct().toList());
        }
    }

    private void tell(String address, List<RegistrationInfo> registrations) {
        List<RegistrationInfo> live = live(registrations);
        // Told that nobody is there while it waits for an answer, the event bus would forget what it keeps for it, and
        // whoever sent that would wait for the whole deadline. The answer tells it.
        if (!live.isEmpty() || !asking.contains(address)) {
            bus.registrationsUpdated(new RegistrationUpdateEvent(address, live));
        }
    }

    private List<RegistrationInfo> live(List<RegistrationInfo> registrations) {
        return registrations.stream()
                .filter(registration -> !departed.contains(registration.nodeId()))
                .toList();
    }
}
