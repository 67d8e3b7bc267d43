package io.tradewind.orderqueue;

/** The kill switch, with the partitions spread over several workers: nothing may be different. */
class KillSwitchOfWorkersIT extends KillSwitchIT {

    @Override
    int workers() {
        return 4;
    }
}
