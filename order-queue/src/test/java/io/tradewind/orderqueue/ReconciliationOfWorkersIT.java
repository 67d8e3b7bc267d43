package io.tradewind.orderqueue;

/** Reconciliation, with the partitions spread over several workers: nothing may be different. */
class ReconciliationOfWorkersIT extends ReconciliationIT {

    @Override
    int workers() {
        return 4;
    }
}
