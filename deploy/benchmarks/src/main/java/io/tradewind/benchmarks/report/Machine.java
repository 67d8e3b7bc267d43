package io.tradewind.benchmarks.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the figures were measured on; without it they mean nothing. */
public record Machine(int cores, String processor, String os, String java) {

    private static final Path CPUINFO = Path.of("/proc/cpuinfo");
    private static final String MODEL = "model name";

    public static Machine here() {
        return new Machine(
                Runtime.getRuntime().availableProcessors(),
                processorName(),
                System.getProperty("os.name") + " " + System.getProperty("os.arch"),
                System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"));
    }

    private static String processorName() {
        if (!Files.isReadable(CPUINFO)) {
            return "unknown";
        }
        try {
            for (String line : Files.readAllLines(CPUINFO)) {
                if (line.startsWith(MODEL)) {
                    return line.substring(line.indexOf(':') + 1).trim();
                }
            }
            return "unknown";
        } catch (IOException e) {
            return "unknown (" + e.getMessage() + ")";
        }
    }
}
