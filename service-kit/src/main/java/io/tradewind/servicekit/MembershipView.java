package io.tradewind.servicekit;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Who is there, as one process sees it at one moment. Others may see something else for a while: whoever acts on it
 * needs a fence of its own.
 *
 * @param members ids of all processes of the cluster
 * @param offers services that those processes say they offer, by member id; members that offer nothing are left out
 */
public record MembershipView(Set<String> members, Map<String, Set<String>> offers) {

    public MembershipView {
        members = Set.copyOf(members);
        Map<String, Set<String>> copy = new TreeMap<>();
        offers.forEach((member, services) -> copy.put(member, Set.copyOf(services)));
        offers = Map.copyOf(copy);
    }

    /** The members that offer {@code service}, in the order of their ids. */
    public Set<String> offering(String service) {
        Set<String> found = new TreeSet<>();
        offers.forEach((member, services) -> {
            if (services.contains(service)) {
                found.add(member);
            }
        });
        return found;
    }

    public boolean contains(String member) {
        return members.contains(member);
    }
}
