package io.tradewind.monitor.domain;

/**
 * The resources of the machine and of this process at one moment. Rates are per second since the sample before; they
 * and everything the machine does not tell are {@code null} when they are not known.
 *
 * @param cpuPercent busy share of all cores since the sample before, 0 to 100
 * @param memoryUsedPercent share of memory that is neither free nor reclaimable, 0 to 100
 * @param diskUsedPercent used share of the file system with the data, 0 to 100
 * @param temperatureCelsius of the processor
 * @param processCpuPercent of one core, so that it may exceed 100
 */
public record MachineSample(
        long timeMs,
        int cpuCores,
        Double cpuPercent,
        Double load1m,
        Double load5m,
        Double load15m,
        Double temperatureCelsius,
        long memoryTotalBytes,
        long memoryAvailableBytes,
        double memoryUsedPercent,
        long swapTotalBytes,
        long swapUsedBytes,
        long diskTotalBytes,
        long diskFreeBytes,
        double diskUsedPercent,
        Double diskReadBytesPerS,
        Double diskWriteBytesPerS,
        Double diskOperationsPerS,
        Double networkInBytesPerS,
        Double networkOutBytesPerS,
        long networkErrors,
        Double contextSwitchesPerS,
        int processes,
        int threads,
        long uptimeS,
        long processResidentBytes,
        Double processCpuPercent,
        long processOpenFiles,
        long heapUsedBytes,
        long heapMaxBytes) {}
