package io.tradewind.servicekit;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Optional;

/**
 * Who of several members takes care of a numbered thing, by highest random weight: each pair of member and number has a
 * weight that everyone computes alike, and the heaviest member wins. When a member comes or goes, only what it wins or
 * had changes hands, and nobody has to agree with anybody about a table. Pure; any thread.
 *
 * <p>The weight is FNV-1a over the member's id, mixed with the number by the finaliser of SplitMix64. It is part of what
 * the members of a cluster have to agree on: a change of it is a change of the protocol.
 */
public final class Rendezvous {

    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;
    private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

    private Rendezvous() {}

    /** The member that wins {@code number}; empty when there are no members. Equal weights: the smaller id wins. */
    public static Optional<String> owner(int number, Collection<String> members) {
        String winner = null;
        long heaviest = 0;
        for (String member : members) {
            long weight = weight(number, member);
            int order = winner == null ? 1 : Long.compareUnsigned(weight, heaviest);
            if (order > 0 || (order == 0 && member.compareTo(winner) < 0)) {
                winner = member;
                heaviest = weight;
            }
        }
        return Optional.ofNullable(winner);
    }

    static long weight(int number, String member) {
        long hash = FNV_OFFSET;
        for (byte b : member.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * FNV_PRIME;
        }
        return mix(mix(hash) + (number + 1L) * GOLDEN_GAMMA);
    }

    private static long mix(long z) {
        long a = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        long b = (a ^ (a >>> 27)) * 0x94d049bb133111ebL;
        return b ^ (b >>> 31);
    }
}
