package io.tradewind.statestore.domain;

/**
 * What the entities of one domain in one partition take.
 *
 * @param hot entities held as they are
 * @param cold entities held compressed
 * @param hotBytes size of the documents of the hot ones
 * @param coldBytes size of the documents of the cold ones, before they were compressed
 * @param hotHeapBytes heap that the hot ones take with all that belongs to them, estimated
 * @param coldHeapBytes heap that the cold ones take with all that belongs to them, estimated
 */
public record DomainUsage(long hot, long cold, long hotBytes, long coldBytes, long hotHeapBytes, long coldHeapBytes) {

    public static final DomainUsage NONE = new DomainUsage(0, 0, 0, 0, 0, 0);

    public long entities() {
        return hot + cold;
    }

    public long documentBytes() {
        return hotBytes + coldBytes;
    }

    public long heapBytes() {
        return hotHeapBytes + coldHeapBytes;
    }

    public DomainUsage plus(DomainUsage other) {
        return new DomainUsage(
                hot + other.hot,
                cold + other.cold,
                hotBytes + other.hotBytes,
                coldBytes + other.coldBytes,
                hotHeapBytes + other.hotHeapBytes,
                coldHeapBytes + other.coldHeapBytes);
    }
}
