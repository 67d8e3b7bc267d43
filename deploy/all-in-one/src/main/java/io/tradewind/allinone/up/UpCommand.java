package io.tradewind.allinone.up;

import io.tradewind.allinone.cli.CommandFailure;
import io.tradewind.allinone.cli.Console;
import io.tradewind.allinone.cli.ExitCode;
import io.tradewind.allinone.datadir.Credentials;
import io.tradewind.allinone.datadir.DataDirectory;
import io.tradewind.allinone.datadir.DataDirectoryException;
import io.tradewind.allinone.datadir.Endpoints;
import io.tradewind.gateway.GatewayConfig;
import io.tradewind.servicekit.PortTakenException;
import io.tradewind.servicekit.Ports;
import io.tradewind.servicekit.Version;
import io.tradewind.servicekit.config.Check;
import io.tradewind.servicekit.config.ConfigException;
import io.tradewind.servicekit.config.Durations;
import io.tradewind.servicekit.config.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Starts everything, says so, and runs until a signal. Reads as a recipe: check, lock, configure, start, announce, wait,
 * stop. Blocking; the main thread.
 */
@Command(
        name = "up",
        header = "Start everything here: embedded Redis and Postgres, all services, dashboard.",
        description = "Runs until Ctrl-C or SIGTERM, then drains and stops; a second Ctrl-C ends it at once.")
public final class UpCommand implements Callable<Integer> {

    private static final String GATEWAY_HOST = "gateway.host";
    private static final String GATEWAY_PORT = "gateway.port";
    private static final String GATEWAY_STRICT_PORT = "gateway.strict-port";
    private static final String GATEWAY_KEYS = "gateway.keys-file";
    private static final String SNAPSHOT_STORE = "state-store.snapshots.store";
    private static final String SNAPSHOT_DIRECTORY = "state-store.snapshots.directory";
    private static final String STOP_TIMEOUT = "runtime.stop-timeout";
    private static final Path DEFAULT_DATA = Path.of("data");

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "Gateway port, 1024..65535. Default: 8080 or the next free one.")
    private Integer port;

    @Option(names = "--host", paramLabel = "HOST", description = "Address to listen on. Default: 127.0.0.1")
    private String host;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Data directory; created if it is not there. Default: ./data")
    private Path data = DEFAULT_DATA;

    @Mixin
    private ConfigOptions config;

    @Option(names = "--debug", description = "Log more, to the log file.")
    private boolean debug;

    private final Console console;

    public UpCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws Exception {
        if (port != null && (port < Check.MIN_PORT || port > Check.MAX_PORT)) {
            throw new CommandFailure(
                    ExitCode.USAGE, "--port " + port + " must be within " + Check.MIN_PORT + ".." + Check.MAX_PORT);
        }
        // Before anything is touched: a typing error in a key must leave no trace.
        Settings checked = Logs.quietly(() -> config.load(console, asked()));
        try (DataDirectory directory = DataDirectory.open(console.resolve(data), Version.current())) {
            Endpoints.remove(directory.root());
            Logs.start(directory.logs(), debug);
            try {
                return run(directory, checked, StopRequest.onSignals());
            } finally {
                Logs.stop();
            }
        } catch (DataDirectoryException e) {
            throw new CommandFailure(ExitCode.FAILED, e.getMessage(), e);
        }
    }

    /** What the options say, as configuration keys. */
    private Map<String, String> asked() {
        Map<String, String> asked = new HashMap<>();
        if (port != null) {
            asked.put(GATEWAY_PORT, port.toString());
        }
        if (host != null) {
            asked.put(GATEWAY_HOST, host);
        }
        return asked;
    }

    private int run(DataDirectory directory, Settings checked, StopRequest stop)
            throws IOException, DataDirectoryException {
        Credentials credentials = Credentials.loadOrCreate(directory.root(), new SecureRandom());
        credentials.register(directory.keys());

        Settings wanted = config.load(console, asked());
        // The first reading has mended a damaged file, so the second no longer sees what there was to warn of.
        checked.warnings().stream()
                .filter(warning -> !wanted.warnings().contains(warning))
                .forEach(warning -> LoggerFactory.getLogger(UpCommand.class).warn("{}", warning));
        EmbeddedServers servers = new EmbeddedServers(
                directory,
                wanted.section(EmbeddedConfig.SECTION, EmbeddedConfig.class),
                !config.isSet(console, "redis.uri"),
                !config.isSet(console, "postgres.uri"));
        Map<String, String> settled = settled(wanted, directory, servers);
        // The same settings again, with what was left open decided: nothing new to log about them.
        Settings settings = Logs.quietly(() -> config.load(console, settled));

        Instance instance = Instance.of(settings, servers);
        int exitCode = ExitCode.FAILED;
        try {
            instance.start(stop);
            announce(instance, settings, directory, credentials);
            stop.await();
            exitCode = ExitCode.OK;
        } catch (StopRequest.StoppedException e) {
            exitCode = ExitCode.OK;
        } catch (Exception e) {
            LoggerFactory.getLogger(UpCommand.class).info("the start failed", e);
            console.err().println("tradewind: " + sentence(e));
        }
        return stop(instance, settings, directory, exitCode);
    }

    /** Everything that the user may leave open, decided. */
    private Map<String, String> settled(Settings wanted, DataDirectory directory, EmbeddedServers servers) {
        Map<String, String> settled = new HashMap<>(asked());
        settled.putAll(servers.settings());
        settled.put(GATEWAY_PORT, Integer.toString(gatewayPort(gateway(wanted))));
        settled.put(GATEWAY_STRICT_PORT, "true");
        if (!config.isSet(console, GATEWAY_KEYS)) {
            settled.put(GATEWAY_KEYS, directory.keys().toString());
        }
        if (!config.isSet(console, SNAPSHOT_STORE)) {
            settled.put(SNAPSHOT_STORE, "directory");
        }
        if (!config.isSet(console, SNAPSHOT_DIRECTORY)) {
            settled.put(SNAPSHOT_DIRECTORY, directory.snapshots().toString());
        }
        if (!config.isSet(console, STOP_TIMEOUT)) {
            settled.put(STOP_TIMEOUT, Durations.format(Instance.SERVICES_STOP));
        }
        return settled;
    }

    // Tried here and not left to the gateway, so that a taken port is told before anything was started.
    private int gatewayPort(GatewayConfig wanted) {
        try {
            return Ports.claim(wanted.host(), wanted.port(), port != null || wanted.strictPort());
        } catch (PortTakenException e) {
            throw new CommandFailure(
                    ExitCode.USAGE, e.getMessage() + "; choose another with --port, or leave it out", e);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(ExitCode.USAGE, e.getMessage(), e);
        }
    }

    private void announce(Instance instance, Settings settings, DataDirectory directory, Credentials credentials)
            throws Exception {
        Announcement announcement = new Announcement(instance.kit(), settings, directory, credentials);
        String gateway = "http://" + reachable(gateway(settings).host()) + ":"
                + gateway(settings).port();
        Summary summary = announcement.summary(gateway, instance.serverFacts());
        announcement.endpoints(gateway).write(directory.root());
        console.out().print(summary.render());
        console.out().flush();
        LoggerFactory.getLogger(UpCommand.class)
                .info("ready at {} after {} ms", gateway, summary.readyAfter().toMillis());
    }

    private static GatewayConfig gateway(Settings settings) {
        return settings.section(GatewayConfig.SECTION, GatewayConfig.class);
    }

    // "Any address" is where one listens, not where one connects.
    private static String reachable(String host) {
        return switch (host) {
            case "0.0.0.0" -> "127.0.0.1";
            case "::", "0:0:0:0:0:0:0:0" -> "[::1]";
            default -> host.contains(":") ? "[" + host + "]" : host;
        };
    }

    private int stop(Instance instance, Settings settings, DataDirectory directory, int exitCode) throws IOException {
        Logger log = LoggerFactory.getLogger(UpCommand.class);
        Endpoints.remove(directory.root());
        LastResort.arm(settings.runtime().stopTimeout());
        long begun = System.nanoTime();
        boolean clean = instance.stop();
        long tookMs = (System.nanoTime() - begun) / 1_000_000;
        log.info("stopped after {} ms", tookMs);
        if (exitCode == ExitCode.OK) {
            console.out()
                    .println(clean ? "Stopped." : "Stopped, but not everything ended in order; the log says what.");
        }
        return clean ? exitCode : ExitCode.FAILED;
    }

    private static String sentence(Exception failure) {
        if (failure instanceof ConfigException) {
            return "configuration: " + failure.getMessage();
        }
        return failure.getMessage() == null ? "the start failed: " + failure : failure.getMessage();
    }
}
