package io.tradewind.monitor.domain;

/**
 * From where on a figure is a finding. Shares in percent, times in milliseconds.
 */
public record Limits(
        double cpuPercent,
        double memoryPercent,
        double diskPercent,
        double redisMemoryPercent,
        double redisPingMs,
        double postgresQueryMs,
        double temperatureCelsius) {}
