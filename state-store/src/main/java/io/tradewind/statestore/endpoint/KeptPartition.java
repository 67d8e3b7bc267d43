package io.tradewind.statestore.endpoint;

import io.tradewind.statestore.domain.Partition;
import io.vertx.core.Future;

/** What whoever keeps the logs short needs to know of a partition, and asks of it. On the event loop of the state-store. */
interface KeptPartition {

    int number();

    /** Whether this process serves it now. */
    boolean isServing();

    Partition partition();

    /** The version of the snapshot that the partition was loaded from; 0 when there was none. */
    long restoredVersion();

    /** Lets go of log entries up to a version; completes with how many went. */
    Future<Long> trim(long version);
}
