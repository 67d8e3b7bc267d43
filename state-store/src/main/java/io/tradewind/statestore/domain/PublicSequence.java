package io.tradewind.statestore.domain;

import java.util.HashMap;
import java.util.Map;

/**
 * What the events of one partition follow upon, domain by domain: so that a subscriber of one domain sees whether it has
 * missed anything, though it does not see the versions that changed others. Knows only what was published under one
 * epoch; under another, somebody else may have published in between, and it begins anew. Pure; on one thread.
 */
public final class PublicSequence {

    private final Map<String, Long> lastByDomain = new HashMap<>();
    private long epoch = -1;
    private long beganBehind;

    /** What follows is published under {@code newEpoch}, from {@code firstVersion} on. */
    public void begin(long newEpoch, long firstVersion) {
        if (newEpoch != epoch) {
            epoch = newEpoch;
            beganBehind = firstVersion - 1;
            lastByDomain.clear();
        }
    }

    /**
     * A change of {@code domain} is published.
     *
     * @return a version since which, until this one, there was no other of it
     */
    public long next(String domain, long version) {
        Long last = lastByDomain.put(domain, version);
        return last == null ? beganBehind : last;
    }
}
