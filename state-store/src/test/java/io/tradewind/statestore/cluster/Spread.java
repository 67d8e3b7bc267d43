package io.tradewind.statestore.cluster;

import io.tradewind.contracts.state.Partitions;
import io.tradewind.servicekit.Rendezvous;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Who should own which partition. */
final class Spread {

    private Spread() {}

    static Map<Integer, String> over(Set<String> members) {
        Map<Integer, String> owners = new TreeMap<>();
        for (int p = 0; p < Partitions.COUNT; p++) {
            owners.put(p, Rendezvous.owner(p, members).orElse(""));
        }
        return owners;
    }
}
