package io.tradewind.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.systemtests.harness.SharedTradewind;
import io.tradewind.systemtests.harness.TradewindProcess;
import io.tradewind.systemtests.harness.Workspace;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A start that cannot work ends at once: one sentence that says what and what to do, non-zero, nothing left behind. */
@ExtendWith(SharedTradewind.class)
@Timeout(600)
class StartUpErrorsIT {

    /** Exit codes that scripts rely on: it could not start, and nothing was tried. */
    private static final int FAILED = 1;

    private static final int USAGE = 2;
    private static final int DEFAULT_PORT = 8080;
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private Workspace workspace;

    @BeforeEach
    void open() {
        workspace = Workspace.open("start-up");
    }

    @AfterEach
    void close() {
        workspace.close();
    }

    @Test
    void shouldRefuseADataDirectoryThatCannotBeMade() throws Exception {
        Path file = Files.writeString(workspace.root().resolve("file"), "in the way");
        Path data = file.resolve("data");
        assertFails(FAILED, data, List.of("--data", data.toString()), data.toString(), "--data");
    }

    @Test
    void shouldRefuseADataDirectoryThatIsAFile() throws Exception {
        Path file = Files.writeString(workspace.root().resolve("file"), "in the way");
        assertFails(FAILED, file, List.of("--data", file.toString()), file.toString(), "--data");
        assertEquals("in the way", Files.readString(file));
    }

    @Test
    void shouldRefuseADataDirectoryOfAnotherFormat() throws Exception {
        Path data = Files.createDirectories(workspace.data());
        Files.writeString(data.resolve("VERSION"), "format=99\npartitions=16\ncreated_by=9.9.9\n");
        assertFails(FAILED, data, List.of("--data", data.toString()), "format 99", "9.9.9");
        try (Stream<Path> left = Files.list(data)) {
            assertTrue(left.noneMatch(path -> path.endsWith("redis") || path.endsWith("postgres")));
        }
    }

    @Test
    void shouldRefuseADataDirectoryInUse(TradewindProcess running) throws Exception {
        Path data = running.data();
        TradewindProcess second = TradewindProcess.launchOn(Workspace.freePort(), data);
        assertEquals(FAILED, second.awaitExit(LIMIT), second::output);
        assertOneSentence(second.output(), "already running", Long.toString(running.pid()));
        assertEquals(200, running.client().get("/v2/account").status());
        assertTrue(Files.exists(data.resolve("endpoints.json")), "the running one's file was removed");
    }

    @Test
    void shouldRefuseATakenExplicitPort() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            assertFails(
                    USAGE,
                    workspace.data(),
                    List.of("--data", workspace.data().toString(), "--port", port),
                    port,
                    "--port");
        }
    }

    @Test
    void shouldTakeTheNextFreePortWhenNoneWasAskedFor() throws Exception {
        try (ServerSocket taken = takeDefaultPort();
                TradewindProcess program = TradewindProcess.launch(
                        workspace.data(),
                        List.of("up", "--data", workspace.data().toString()))) {
            int port = program.ready().gateway().getPort();
            assertTrue(port > DEFAULT_PORT && port <= DEFAULT_PORT + 100, "port " + port);
            assertTrue(program.output().contains("port " + DEFAULT_PORT), program.output());
            assertEquals(200, program.client().get("/v2/account").status());
            assertNotEquals(port, taken == null ? 0 : taken.getLocalPort());
        }
    }

    /** Sees to it that it is taken, be it by another program: then there is nothing for us to hold. */
    private static ServerSocket takeDefaultPort() {
        try {
            return new ServerSocket(DEFAULT_PORT, 1, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            return null;
        }
    }

    @Test
    void shouldRefusePortsOutsideTheRange() throws Exception {
        for (String port : List.of("80", "0", "-1", "65536")) {
            assertFails(
                    USAGE,
                    workspace.data(),
                    List.of("--data", workspace.data().toString(), "--port", port),
                    port,
                    "1024..65535");
            assertFalse(Files.exists(workspace.data()), "a wrong option leaves no trace");
        }
    }

    @Test
    void shouldRefuseAnUnknownKeyAndName() throws Exception {
        assertFails(
                USAGE,
                workspace.data(),
                List.of("--data", workspace.data().toString(), "--set", "gateway.prot=8081"),
                "gateway.prot",
                "gateway.port");
        assertFails(
                USAGE,
                workspace.data(),
                List.of("--data", workspace.data().toString(), "--set", "order-queue.max-lane=many"),
                "order-queue.max-lane",
                "many");
        assertFalse(Files.exists(workspace.data()), "a wrong key leaves no trace");
    }

    @Test
    void shouldRefuseAConfigurationThatContradictsItself() throws Exception {
        Path config = workspace.root().resolve("tradewind.yaml");
        String twice = "gateway:\n  port: 8081\n  port: 8082\n";
        Files.writeString(config, twice);
        assertFails(
                USAGE,
                workspace.data(),
                List.of("--data", workspace.data().toString(), "--config", config.toString()),
                "port",
                "tradewind.yaml");
        assertEquals(twice, Files.readString(config), "what the user wrote stays");
        assertFails(
                USAGE,
                workspace.data(),
                List.of("--data", workspace.data().toString(), "--config", workspace.root() + "/missing.yaml"),
                "missing.yaml");
    }

    /** Healed, not refused: see docs/FAILURES.md. */
    @Test
    void shouldSetACorruptedConfigurationAsideAndStart() throws Exception {
        Path config = workspace.root().resolve("tradewind.yaml");
        String broken = "gateway: [unclosed\n\t}{";
        Files.writeString(config, broken);
        try (TradewindProcess program = TradewindProcess.start(workspace.data(), "--config", config.toString())) {
            assertEquals(200, program.client().get("/v2/account").status());
            List<Path> aside = new ArrayList<>();
            try (Stream<Path> files = Files.list(workspace.root())) {
                files.filter(file -> file.getFileName().toString().startsWith("tradewind.yaml.corrupt-"))
                        .forEach(aside::add);
            }
            assertEquals(1, aside.size(), aside.toString());
            assertEquals(broken, Files.readString(aside.get(0)));
            assertNotEquals(broken, Files.readString(config));
            assertTrue(program.output().contains("set aside"), program.output());
        }
    }

    private static void assertFails(int exitCode, Path data, List<String> options, String... words) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("up"));
        arguments.addAll(options);
        // Beside the data, where a file may stand in the way of a folder.
        Path safe = Files.isRegularFile(data.getParent()) ? data.getParent() : data;
        try (TradewindProcess process = TradewindProcess.launch(safe, arguments)) {
            assertEquals(exitCode, process.awaitExit(LIMIT), process::output);
            assertOneSentence(process.output(), words);
            assertTrue(process.redisPid().isEmpty(), "a Redis was left behind");
            assertTrue(process.postgresPid().isEmpty(), "a Postgres was left behind");
            assertFalse(Files.exists(safe.resolve("endpoints.json")));
        }
    }

    /** One line that begins with our name; perhaps a hint how to get help behind it. No stack trace. */
    private static void assertOneSentence(String output, String... words) {
        List<String> lines =
                output.lines().filter(line -> line.startsWith("tradewind: ")).toList();
        assertEquals(1, lines.size(), output);
        for (String word : words) {
            assertTrue(lines.get(0).contains(word), "'" + word + "' in: " + output);
        }
        assertFalse(output.contains("\tat "), output);
        assertFalse(output.contains("Exception"), output);
    }
}
