package io.tradewind.monitor.machine;

import io.tradewind.monitor.domain.MachineSample;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import oshi.SystemInfo;
import oshi.hardware.CentralProcessor;
import oshi.hardware.GlobalMemory;
import oshi.hardware.HWDiskStore;
import oshi.hardware.HardwareAbstractionLayer;
import oshi.hardware.NetworkIF;
import oshi.software.os.OSProcess;
import oshi.software.os.OperatingSystem;

/**
 * Reads the resources of the machine through OSHI. Blocking, for tens of milliseconds: one worker thread at a time,
 * never an event loop. Remembers the counters of the sample before, to make rates of them. Nothing to close.
 */
public final class Machine {

    private static final double HUNDRED = 100.0;

    private final Path dataPath;
    private final Clock clock;
    private HardwareAbstractionLayer hardware;
    private OperatingSystem system;
    private Counters before;
    private long[] ticksBefore;
    private OSProcess processBefore;

    /** What only grows, in units since the machine was started. */
    private record Counters(
            long timeMs,
            long diskReadBytes,
            long diskWriteBytes,
            long diskOperations,
            long networkInBytes,
            long networkOutBytes,
            long networkErrors,
            long contextSwitches) {

        Double perS(long now, long then, long nowMs) {
            return nowMs <= timeMs ? null : Double.valueOf(Math.max(0, now - then) * 1000.0 / (nowMs - timeMs));
        }
    }

    /** @param dataPath a path on the file system whose space matters */
    public Machine(Path dataPath, Clock clock) {
        this.dataPath = dataPath;
        this.clock = clock;
    }

    /** The resources now. Blocks. */
    public MachineSample sample() throws IOException {
        if (hardware == null) {
            // Here rather than in the constructor: looking the machine over for the first time takes longest.
            SystemInfo info = new SystemInfo();
            hardware = info.getHardware();
            system = info.getOperatingSystem();
        }
        CentralProcessor cpu = hardware.getProcessor();
        long[] ticks = cpu.getSystemCpuLoadTicks();
        Double cpuPercent = ticksBefore == null ? null : HUNDRED * cpu.getSystemCpuLoadBetweenTicks(ticksBefore, ticks);
        double[] load = cpu.getSystemLoadAverage(3);
        Counters now = counters(cpu);
        Counters then = before;
        GlobalMemory memory = hardware.getMemory();
        FileStore disk = Files.getFileStore(dataPath);
        OSProcess process = system.getCurrentProcess();
        Double processCpu =
                processBefore == null ? null : HUNDRED * process.getProcessCpuLoadBetweenTicks(processBefore);
        Runtime jvm = Runtime.getRuntime();
        MachineSample sample = new MachineSample(
                now.timeMs(),
                cpu.getLogicalProcessorCount(),
                cpuPercent,
                known(load[0]),
                known(load[1]),
                known(load[2]),
                temperature(),
                memory.getTotal(),
                memory.getAvailable(),
                percentUsed(memory.getTotal(), memory.getAvailable()),
                memory.getVirtualMemory().getSwapTotal(),
                memory.getVirtualMemory().getSwapUsed(),
                disk.getTotalSpace(),
                disk.getUsableSpace(),
                percentUsed(disk.getTotalSpace(), disk.getUsableSpace()),
                then == null ? null : then.perS(now.diskReadBytes(), then.diskReadBytes(), now.timeMs()),
                then == null ? null : then.perS(now.diskWriteBytes(), then.diskWriteBytes(), now.timeMs()),
                then == null ? null : then.perS(now.diskOperations(), then.diskOperations(), now.timeMs()),
                then == null ? null : then.perS(now.networkInBytes(), then.networkInBytes(), now.timeMs()),
                then == null ? null : then.perS(now.networkOutBytes(), then.networkOutBytes(), now.timeMs()),
                now.networkErrors(),
                then == null ? null : then.perS(now.contextSwitches(), then.contextSwitches(), now.timeMs()),
                system.getProcessCount(),
                system.getThreadCount(),
                system.getSystemUptime(),
                process.getResidentSetSize(),
                processCpu,
                process.getOpenFiles(),
                jvm.totalMemory() - jvm.freeMemory(),
                jvm.maxMemory());
        before = now;
        ticksBefore = ticks;
        processBefore = process;
        return sample;
    }

    private Counters counters(CentralProcessor cpu) {
        List<HWDiskStore> disks = hardware.getDiskStores();
        List<NetworkIF> networks = hardware.getNetworkIFs();
        return new Counters(
                clock.millis(),
                disks.stream().mapToLong(HWDiskStore::getReadBytes).sum(),
                disks.stream().mapToLong(HWDiskStore::getWriteBytes).sum(),
                disks.stream()
                        .mapToLong(disk -> disk.getReads() + disk.getWrites())
                        .sum(),
                networks.stream().mapToLong(NetworkIF::getBytesRecv).sum(),
                networks.stream().mapToLong(NetworkIF::getBytesSent).sum(),
                networks.stream()
                        .mapToLong(network -> network.getInErrors() + network.getOutErrors())
                        .sum(),
                cpu.getContextSwitches());
    }

    // OSHI says 0 or NaN where there is no sensor, as on most virtual machines.
    private Double temperature() {
        double celsius = hardware.getSensors().getCpuTemperature();
        return celsius > 0 ? celsius : null;
    }

    // OSHI says a negative number where the system has no load average.
    private static Double known(double load) {
        return load < 0 ? null : load;
    }

    private static double percentUsed(long total, long free) {
        return total <= 0 ? 0 : HUNDRED * (total - free) / total;
    }
}
