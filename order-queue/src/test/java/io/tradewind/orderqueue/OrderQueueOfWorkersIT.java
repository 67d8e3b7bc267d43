package io.tradewind.orderqueue;

/** The whole service, with the partitions spread over several workers: nothing may be different. */
class OrderQueueOfWorkersIT extends OrderQueueIT {

    @Override
    int workers() {
        return 4;
    }
}
