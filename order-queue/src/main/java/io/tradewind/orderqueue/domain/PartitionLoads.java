package io.tradewind.orderqueue.domain;

/** How many orders per second each partition has had lately, so smoothed that a burst of one look decides nothing. Pure. */
public final class PartitionLoads {

    /** How much the latest look counts. */
    static final double NEWS = 0.3;

    private final double[] perSecond;
    private boolean seen;

    public PartitionLoads(int partitions) {
        perSecond = new double[partitions];
    }

    /**
     * @param orders decided on in each partition since the last look
     * @param ms since the last look, above 0
     */
    public void looked(long[] orders, long ms) {
        for (int partition = 0; partition < perSecond.length; partition++) {
            double now = orders[partition] * 1_000.0 / ms;
            perSecond[partition] = seen ? NEWS * now + (1 - NEWS) * perSecond[partition] : now;
        }
        seen = true;
    }

    /** Orders per second of each partition. */
    public double[] perSecond() {
        return perSecond.clone();
    }
}
