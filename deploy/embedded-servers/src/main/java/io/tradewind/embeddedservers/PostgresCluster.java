package io.tradewind.embeddedservers;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of Postgres (what it calls a database cluster), made on first use. Blocking, the caller's thread.
 *
 * <p>They are made beside their place and renamed into it when the database is in them, so a crash in between leaves nothing that looks
 * finished; the next start begins anew.
 *
 * @param directory the cluster itself, a folder of the data directory
 * @param install folder of the unpacked binaries
 */
record PostgresCluster(Path directory, Path install, RunAs runAs) {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresCluster.class);
    private static final Duration INITDB_DEADLINE = Duration.ofMinutes(2);
    private static final Duration REACH_DEADLINE = Duration.ofMinutes(1);
    private static final String MAJOR_VERSION = "17";
    private static final String PRIVATE = "rwx------";

    Path pidFile() {
        return directory.resolve("postmaster.pid");
    }

    Path program() {
        return install.resolve("bin").resolve("postgres");
    }

    /** @param sync false only for tests, whose files need not survive a power failure of their first second */
    void ensure(boolean sync) {
        if (Files.exists(directory)) {
            requireMajorVersion();
            runAs.own(directory);
            requireReachable(directory);
            return;
        }
        LOG.info("Creating the Postgres database in {}", directory);
        Path fresh = directory.resolveSibling(directory.getFileName() + ".new");
        try {
            Folders.delete(fresh);
            Files.createDirectory(fresh);
            Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString(PRIVATE));
            runAs.own(fresh);
            requireReachable(fresh);
            initdb(fresh, sync);
            createDatabase(fresh, sync);
            Files.move(fresh, directory, StandardCopyOption.ATOMIC_MOVE);
            Folders.sync(directory.getParent());
        } catch (IOException e) {
            throw new EmbeddedServerException(
                    "The Postgres database in " + directory + " cannot be created: " + Folders.reason(e), e);
        }
    }

    private void initdb(Path fresh, boolean sync) {
        List<String> command = new ArrayList<>(List.of(
                install.resolve("bin").resolve("initdb").toString(),
                "--pgdata=" + fresh,
                "--username=" + EmbeddedPostgres.USER,
                "--encoding=UTF8",
                "--locale=C",
                // pg_hba.conf then trusts the loopback addresses and names no other.
                "--auth=trust",
                "--no-instructions"));
        if (!sync) {
            command.add("--no-sync");
        }
        run("initdb", command, "");
    }

    /** In single-user mode: no port, no process that could be left behind. */
    private void createDatabase(Path fresh, boolean sync) {
        List<String> command = new ArrayList<>(List.of(program().toString(), "--single", "-D", fresh.toString()));
        if (!sync) {
            command.add("-F");
        }
        command.add("template1");
        // It exits with 0 even if a statement fails, so the failure is looked for in what it says.
        String output = run(
                "postgres --single",
                command,
                "CREATE DATABASE " + EmbeddedPostgres.DATABASE + " OWNER " + EmbeddedPostgres.USER + "\n");
        if (output.contains("ERROR") || output.contains("FATAL")) {
            throw new EmbeddedServerException(
                    "The database " + EmbeddedPostgres.DATABASE + " cannot be created:\n" + output);
        }
    }

    private String run(String what, List<String> command, String stdin) {
        Commands.Result result = Commands.run(runAs.command(command), stdin, INITDB_DEADLINE);
        if (!result.ok()) {
            throw new EmbeddedServerException(what + " for " + directory + " failed (exit code " + result.exitCode()
                    + ", deadline " + INITDB_DEADLINE.toSeconds() + " s):\n" + result.output());
        }
        return result.output();
    }

    private void requireMajorVersion() {
        Path file = directory.resolve("PG_VERSION");
        try {
            String version = Files.readString(file, StandardCharsets.US_ASCII).strip();
            if (!version.equals(MAJOR_VERSION)) {
                throw new EmbeddedServerException("The database in " + directory + " was made by Postgres " + version
                        + "; this program has Postgres " + MAJOR_VERSION
                        + ". Export it with the old version, or choose another"
                        + " data directory.");
            }
        } catch (IOException e) {
            throw new EmbeddedServerException(
                    directory + " is not a Postgres database (its PG_VERSION cannot be read: " + Folders.reason(e)
                            + "). Restore it, or choose another data directory.",
                    e);
        }
    }

    /** As nobody, Postgres may own its directory and still not get there, because a folder above is closed to others. */
    private void requireReachable(Path cluster) {
        Commands.Result test = Commands.run(runAs.command(List.of("test", "-w", cluster + "/.")), "", REACH_DEADLINE);
        if (!test.ok()) {
            throw new EmbeddedServerException(
                    "Postgres, which runs as another user because root is not allowed to, cannot reach " + cluster
                            + ". Choose a data directory whose parent folders others may enter (chmod o+x).");
        }
    }

    /**
     * Removes the pid file of a dead server if a stranger has its number by now: Postgres would take that stranger for itself
     * and refuse to start. While the number is unused Postgres sorts it out alone, and more thoroughly.
     */
    void forgetReusedPid() {
        try {
            if (!Files.exists(pidFile())) {
                return;
            }
            List<String> lines = Files.readAllLines(pidFile(), StandardCharsets.UTF_8);
            String pid = lines.isEmpty() ? "" : lines.get(0).strip();
            boolean inUse = pid.matches("[1-9][0-9]{0,17}")
                    && ProcessHandle.of(Long.parseLong(pid)).isPresent();
            if (inUse && StaleServer.find(pidFile(), "postgres", directory).isEmpty()) {
                LOG.info("Process {} is not the Postgres that {} was left by; removing the file", pid, pidFile());
                Files.delete(pidFile());
            }
        } catch (IOException e) {
            throw new EmbeddedServerException("Pid file " + pidFile() + " cannot be checked: " + Folders.reason(e), e);
        }
    }

    /** Whether the running server says that it is this process. */
    boolean isServedBy(long pid) throws IOException {
        List<String> lines =
                Files.exists(pidFile()) ? Files.readAllLines(pidFile(), StandardCharsets.UTF_8) : List.of();
        return !lines.isEmpty() && lines.get(0).strip().equals(Long.toString(pid));
    }
}
