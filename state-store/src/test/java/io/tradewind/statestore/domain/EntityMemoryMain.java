package io.tradewind.statestore.domain;

import io.tradewind.contracts.state.Entity;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Prints what a filled order of about 400 bytes takes of the heap, hot and cold: once as the difference that a garbage
 * collection leaves, once as the table estimates it. Everything is counted: index, keys, versions, times. Run it on the class
 * path of the tests, with {@code -Xmx1g} or more; argument: number of orders. Times are CPU time of the thread,
 * so that a busy machine does not spoil them.
 */
final class EntityMemoryMain {

    private static final int DEFAULT_ORDERS = 200_000;

    /** Slices of the packing, in entities looked at. */
    private static final int SLICE = 512;

    private EntityMemoryMain() {}

    @SuppressWarnings("SystemOut")
    public static void main(String[] args) {
        int orders = args.length > 0 ? Integer.parseInt(args[0]) : DEFAULT_ORDERS;
        EntityTable table = new EntityTable();
        DictionarySchool school = new DictionarySchool();
        // Before measuring: classes, the native library, the dictionary.
        EntityTable warm = new EntityTable();
        SampleOrders.of(2_000).forEach(warm::put);
        EntityTableTest.compressAll(warm, school);
        long empty = heapBytes();

        fill(table, orders);
        long documents = table.bytes();
        long hotBytes = heapBytes() - empty;
        DomainUsage hot = table.usage().get("order");

        List<Long> loopNs = new ArrayList<>();
        long packNs = 0;
        long end = table.coldScan().passes() + 2;
        while (table.coldScan().passes() < end) {
            long beganNs = cpuNs();
            PackJob job = table.coldScan().next(Long.MAX_VALUE, SLICE);
            loopNs.add(cpuNs() - beganNs);
            if (job != null) {
                long packBeganNs = cpuNs();
                PackedJob packed = job.pack(school);
                packNs += cpuNs() - packBeganNs;
                long installNs = cpuNs();
                table.install(packed);
                loopNs.add(cpuNs() - installNs);
            }
        }
        long coldBytes = heapBytes() - empty;
        DomainUsage cold = table.usage().get("order");
        loopNs.sort(null);

        print("orders", orders, "");
        print("document", (double) documents / orders, "bytes each");
        print("hot, measured", (double) hotBytes / orders, "bytes of heap each");
        print("hot, estimated", (double) hot.heapBytes() / orders, "bytes of heap each");
        print("cold, measured", (double) coldBytes / orders, "bytes of heap each");
        print("cold, estimated", (double) cold.heapBytes() / orders, "bytes of heap each");
        print("compressed", 100.0 * cold.cold() / cold.entities(), "% of them");
        print("smaller by", (double) hotBytes / coldBytes, "times");
        print("event loop held, p99", loopNs.get(loopNs.size() * 99 / 100) / 1e3, "microseconds");
        print("event loop held, most", loopNs.get(loopNs.size() - 1) / 1e3, "microseconds");
        print("packing thread", packNs / 1e3 / orders, "microseconds each");
        print("cold read, not cached", coldReadNs(table) / 1e3, "microseconds");
    }

    private static void fill(EntityTable table, int orders) {
        SampleOrders.of(orders).forEach(table::put);
    }

    private static double coldReadNs(EntityTable table) {
        List<Entity> some = table.list("order", "account-1", null, false, 20_000);
        int reads = 0;
        long beganNs = cpuNs();
        for (int round = 0; round < 20; round++) {
            for (int i = round; i < some.size(); i += 2 * ColdBlock.MAX_ENTITIES) {
                if (table.get(some.get(i).key()) == null) {
                    throw new IllegalStateException(some.get(i).key() + " is gone");
                }
                reads++;
            }
        }
        return (double) (cpuNs() - beganNs) / reads;
    }

    private static long cpuNs() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static long heapBytes() {
        Runtime runtime = Runtime.getRuntime();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 4; i++) {
            System.gc();
            least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
        }
        return least;
    }

    @SuppressWarnings("SystemOut")
    private static void print(String what, double value, String unit) {
        System.out.println(String.format(Locale.ROOT, "%-24s %12.1f %s", what, value, unit));
    }
}
