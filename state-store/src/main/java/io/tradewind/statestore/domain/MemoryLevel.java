package io.tradewind.statestore.domain;

import java.util.Locale;

/** How scarce memory is; each level does what the ones before it do, too. */
public enum MemoryLevel {
    /** There is enough. */
    NORMAL(0),
    /** Entities are compressed as soon as they rest. */
    COMPRESS(1),
    /** What may leave leaves as soon as it is allowed to at all. */
    EVICT(2),
    /** Relaxed writes are turned away. Durable ones never are. */
    REFUSE(3);

    private final int number;
    private final String text = name().toLowerCase(Locale.ROOT);

    MemoryLevel(int number) {
        this.number = number;
    }

    /** For a gauge: 0 when there is enough, then ever higher. */
    public int number() {
        return number;
    }

    public String text() {
        return text;
    }
}
