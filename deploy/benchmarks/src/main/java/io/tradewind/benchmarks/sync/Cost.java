package io.tradewind.benchmarks.sync;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Processor time and allocated memory of a thread, or the difference of two. */
record Cost(long cpuNs, long allocatedBytes) {

    static final Cost NONE = new Cost(0, 0);

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Since the thread began. */
    static Cost ofThisThread() {
        return new Cost(THREADS.getCurrentThreadCpuTime(), THREADS.getCurrentThreadAllocatedBytes());
    }

    Cost plus(Cost more) {
        return new Cost(cpuNs + more.cpuNs, allocatedBytes + more.allocatedBytes);
    }

    Cost minus(Cost before) {
        return new Cost(cpuNs - before.cpuNs, allocatedBytes - before.allocatedBytes);
    }
}
