package io.tradewind.allinone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The {@code tradewind} script on a made-up repository, with a java and an mvn that only write down how they were called,
 * and a PATH with nothing else in it but the tools that the script may use.
 */
@Timeout(300)
class ScriptIT {

    private static final List<String> TOOLS = List.of(
            "bash",
            "basename",
            "cat",
            "chmod",
            "cksum",
            "dirname",
            "find",
            "flock",
            "grep",
            "head",
            "mkdir",
            "pwd",
            "readlink",
            "rm",
            "sed",
            "sleep",
            "sort",
            "tail",
            "touch",
            "tr",
            "xargs");
    private static final int ENVIRONMENT = 3;

    @TempDir
    private Path temp;

    private Path bin;
    private Path root;

    private record Run(int exitCode, String out, String err) {}

    @BeforeEach
    void makeRepository() throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "the script needs bash");
        bin = Files.createDirectories(temp.resolve("bin"));
        for (String tool : TOOLS) {
            for (Path folder : List.of(Path.of("/usr/bin"), Path.of("/bin"))) {
                if (Files.isExecutable(folder.resolve(tool)) && !Files.exists(bin.resolve(tool))) {
                    Files.createSymbolicLink(bin.resolve(tool), folder.resolve(tool));
                }
            }
        }
        root = Files.createDirectories(temp.resolve("a repository"));
        Files.copy(script(), root.resolve("tradewind"), StandardCopyOption.COPY_ATTRIBUTES);
        Files.writeString(root.resolve("pom.xml"), "<modules>\n<module>deploy/all-in-one</module>\n</modules>\n");
        Path sources = Files.createDirectories(root.resolve("deploy/all-in-one/src/main"));
        Files.writeString(root.resolve("deploy/all-in-one/pom.xml"), "<project/>\n");
        Files.writeString(sources.resolve("A b.java"), "class A {}\n");
        fakeJava("17.0.15");
        fake("javac", "exit 0");
        fakeMaven("");
    }

    @Test
    void shouldBuildOnceAndPassArgumentsOn() throws Exception {
        Run first = run(Map.of(), "orders", "--client-order-id", "with space");
        assertEquals(0, first.exitCode(), first.err());
        assertTrue(first.err().contains("Building Tradewind"), first.err());
        assertTrue(calls("mvn").contains(" -pl deploy/all-in-one,deploy/benchmarks -am package"));
        assertTrue(calls("java").contains("io.tradewind.allinone.Main orders --client-order-id [with space]"));

        Run second = run(Map.of(), "status");
        assertEquals("", second.err());
        assertEquals(1, calls("mvn").lines().count());
    }

    @Test
    void shouldBuildAgainWhenASourceChangesButNotWhenItIsTouched() throws Exception {
        run(Map.of(), "status");
        Path source = root.resolve("deploy/all-in-one/src/main/A b.java");
        Files.setLastModifiedTime(source, java.nio.file.attribute.FileTime.fromMillis(1));
        run(Map.of(), "status");
        assertEquals(1, calls("mvn").lines().count());
        Files.writeString(source, "class B {}\n");
        run(Map.of(), "status");
        assertEquals(2, calls("mvn").lines().count());
        Files.delete(source);
        run(Map.of(), "status");
        assertEquals(3, calls("mvn").lines().count());
    }

    @Test
    void shouldBuildOnceWhenStartedTwiceAtOnce() throws Exception {
        fakeMaven("sleep 1");
        Process one = start(Map.of(), root.resolve("tradewind"), "status");
        Process two = start(Map.of(), root.resolve("tradewind"), "status");
        assertEquals(0, finish(one).exitCode());
        assertEquals(0, finish(two).exitCode());
        assertEquals(1, calls("mvn").lines().count());
    }

    @Test
    void shouldShowTheErrorsOfAFailedBuildAndTryAgainNextTime() throws Exception {
        fakeMaven("echo '[INFO] noise'; echo '[ERROR] A.java: cannot find symbol'; exit 1");
        Run failed = run(Map.of(), "up");
        assertEquals(ENVIRONMENT, failed.exitCode());
        assertTrue(failed.err().contains("[ERROR] A.java: cannot find symbol"), failed.err());
        assertFalse(failed.err().contains("noise"), failed.err());
        assertFalse(Files.exists(temp.resolve("java.calls")));
        fakeMaven("");
        assertEquals(0, run(Map.of(), "up").exitCode());
    }

    @Test
    void shouldGiveTheServerOtherOptionsThanTheClient() throws Exception {
        run(Map.of("TRADEWIND_JVM_OPTS", "-Xmx4g -Dx=y"), "up", "--debug");
        String up = calls("java");
        assertTrue(up.contains("-XX:+ExitOnOutOfMemoryError"), up);
        assertTrue(up.contains("-Xmx4g -Dx=y"), up);
        assertTrue(up.contains("--add-opens java.base/sun.nio.ch=ALL-UNNAMED"), up);
        assertFalse(up.contains("--enable-native-access"), up);
        Files.delete(temp.resolve("java.calls"));
        run(Map.of("TRADEWIND_JVM_OPTS", "-Xmx4g"), "status");
        assertTrue(calls("java").contains("-XX:TieredStopAtLevel=1"));
        assertFalse(calls("java").contains("-Xmx4g"));
    }

    @Test
    void shouldAllowNativeAccessWhereTheJvmWouldWarn() throws Exception {
        fakeJava("25.0.1");
        run(Map.of(), "up");
        assertTrue(calls("java").contains("--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow"));
    }

    @Test
    void shouldStartTheBenchmarksFromTheirOwnLibraries() throws Exception {
        run(Map.of(), "bench", "load");
        assertTrue(
                calls("java").contains("deploy/benchmarks/target/dist/lib/*] io.tradewind.benchmarks.BenchMain load"));
    }

    @Test
    void shouldWorkThroughSymbolicLinks() throws Exception {
        Path link = Files.createSymbolicLink(
                Files.createDirectories(temp.resolve("else where")).resolve("tw"),
                Path.of("../a repository/tradewind"));
        Run run = finish(start(Map.of(), link, "version"));
        assertEquals(0, run.exitCode(), run.err());
        assertTrue(calls("java").contains(root + "/deploy/all-in-one/target/dist/lib/*"), calls("java"));
    }

    @Test
    void shouldSayWhatIsMissing() throws Exception {
        Files.delete(bin.resolve("mvn"));
        assertMissing(run(Map.of(), "up"), "there is no mvn on the PATH");
        fakeMaven("");
        fakeJava("11.0.2");
        assertMissing(run(Map.of(), "up"), "Java 11.0.2");
        fakeJava("1.8.0_292");
        assertMissing(run(Map.of(), "up"), "too old");
        Files.delete(bin.resolve("java"));
        assertMissing(run(Map.of(), "up"), "no Java found");
        assertMissing(run(Map.of("JAVA_HOME", "/no/where"), "up"), "JAVA_HOME is /no/where");
        assertMissing(run(Map.of("TRADEWIND_BUILD", "never", "JAVA_HOME", jdk("21")), "up"), "nothing is built yet");
    }

    @Test
    void shouldReadTheVersionOfAJdkWithoutStartingIt() throws Exception {
        Files.delete(bin.resolve("java"));
        String home = jdk("21.0.4");
        Files.writeString(Path.of(home, "bin/javac"), "#!/bin/bash\n", StandardCharsets.UTF_8);
        Run run = run(Map.of("JAVA_HOME", home), "version");
        assertEquals(0, run.exitCode(), run.err());
        assertFalse(calls("java").contains("-version"));
    }

    private static void assertMissing(Run run, String words) {
        assertEquals(ENVIRONMENT, run.exitCode(), run.err());
        assertTrue(run.err().contains(words), run.err());
        assertTrue(run.err().startsWith("tradewind: ") && run.err().lines().count() == 1, run.err());
    }

    /** A JDK's folder, with the release file that tells its version. */
    private String jdk(String version) throws IOException {
        Path home = Files.createDirectories(temp.resolve("jdk " + version));
        Files.createDirectories(home.resolve("bin"));
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
        executable(home.resolve("bin/java"), recorder("java"));
        return home.toString();
    }

    private void fakeJava(String version) throws IOException {
        fake(
                "java",
                "if [ \"$1\" = -version ]; then echo 'openjdk version \"" + version + "\" 2025-04-15' >&2; exit; fi\n"
                        + recorder("java"));
    }

    private void fakeMaven(String action) throws IOException {
        fake(
                "mvn",
                recorder("mvn") + "\n" + action + "\nmkdir -p deploy/all-in-one/target/dist/lib"
                        + " deploy/benchmarks/target/dist/lib\n");
    }

    /** Appends one line per call; arguments with blanks or stars in brackets. */
    private String recorder(String name) {
        return "line=\nfor a in \"$@\"; do case $a in *[\\ *]*) a=\"[$a]\";; esac; line=\"$line$a \"; done\n"
                + "echo \"${line% }\" >>'" + temp.resolve(name + ".calls") + "'\n";
    }

    private void fake(String name, String text) throws IOException {
        executable(bin.resolve(name), text);
    }

    private static void executable(Path file, String text) throws IOException {
        Files.deleteIfExists(file);
        Files.writeString(file, "#!/bin/bash\n" + text + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private String calls(String name) throws IOException {
        return Files.readString(temp.resolve(name + ".calls"));
    }

    private Run run(Map<String, String> environment, String... args) throws Exception {
        return finish(start(environment, root.resolve("tradewind"), args));
    }

    private Process start(Map<String, String> environment, Path script, String... args) throws IOException {
        List<String> command = new ArrayList<>(List.of("/bin/bash", script.toString()));
        command.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(command).directory(temp.toFile());
        builder.environment().clear();
        builder.environment().putAll(new TreeMap<>(environment));
        builder.environment().put("PATH", bin.toString());
        return builder.start();
    }

    private static Run finish(Process process) throws Exception {
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), "the script hangs");
        return new Run(process.exitValue(), out, err);
    }

    private static Path script() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("tradewind"))) {
            folder = folder.getParent();
        }
        return folder.resolve("tradewind");
    }
}
