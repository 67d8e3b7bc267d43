package io.tradewind.embeddedservers;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Whether processes that are not our own children still run. */
final class Processes {
    private Processes() {}

    /** A dead process that its parent has not collected yet still has a number, but no files, port or memory: it does not run. */
    static boolean isRunning(ProcessHandle process) {
        if (!process.isAlive()) {
            return false;
        }
        Path stat = Path.of("/proc", Long.toString(process.pid()), "stat");
        if (!Files.exists(stat)) {
            // No /proc on this system, or it ended between the two looks.
            return process.isAlive();
        }
        try {
            String text = Files.readString(stat, StandardCharsets.ISO_8859_1);
            return text.charAt(text.lastIndexOf(')') + 2) != 'Z';
        } catch (IOException e) {
            return process.isAlive();
        }
    }

    /** Waits for its end, on the calling thread. */
    static boolean gone(ProcessHandle process, Duration within) {
        Deadline deadline = Deadline.in(within);
        while (isRunning(process)) {
            if (deadline.passed()) {
                return false;
            }
            Deadline.pause("the end of process " + process.pid());
        }
        return true;
    }
}
