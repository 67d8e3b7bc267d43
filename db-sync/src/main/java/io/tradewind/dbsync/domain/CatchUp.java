package io.tradewind.dbsync.domain;

/**
 * Tells how far catching up is, while the logs hold more than one batch. Times are what the caller says. One thread
 * writes; any thread may ask for the progress.
 */
public final class CatchUp {

    /**
     * @param sinceMs when it began, milliseconds since the epoch
     * @param written transactions written since
     * @param remaining transactions that were known to be missing after the last batch
     */
    public record Progress(long sinceMs, long written, long remaining) {

        /** From 0 to 100; of what is known by now, so that it can go back when more is coming in than is written. */
        public int percent() {
            long all = written + remaining;
            return all == 0 ? 100 : (int) (100 * written / all);
        }
    }

    private volatile Progress progress;

    /**
     * After a batch.
     *
     * @param backlog whether more was there than fits
     * @param transactions in the batch
     * @param remaining that are known to be missing
     */
    public void onBatch(long nowMs, boolean backlog, long transactions, long remaining) {
        Progress before = progress;
        if (!backlog) {
            progress = null;
        } else if (before == null) {
            progress = new Progress(nowMs, transactions, remaining);
        } else {
            progress = new Progress(before.sinceMs(), before.written() + transactions, remaining);
        }
    }

    /** {@code null} when nothing has to be caught up. */
    public Progress progress() {
        return progress;
    }
}
