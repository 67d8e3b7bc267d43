package io.tradewind.servicekit;

import io.tradewind.servicekit.config.ConfigException;
import io.tradewind.servicekit.config.Settings;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The main of a program that runs one service. Reads as a recipe: parse, load, start, wait for a signal, drain. Exit
 * codes: {@value #EXIT_OK} after a clean stop, {@value #EXIT_FAILED} when the service did not start or not stop in time,
 * {@value #EXIT_USAGE} for wrong options or configuration.
 */
public final class ServiceMain {
    public static final int EXIT_OK = 0;
    public static final int EXIT_FAILED = 1;
    public static final int EXIT_USAGE = 2;

    private static final Path DEFAULT_FILE = Path.of("tradewind.yaml");

    private ServiceMain() {}

    /**
     * Runs the service until SIGTERM or SIGINT, then ends the process.
     *
     * @param prepare see {@link KitOptions#prepare}
     */
    public static void run(ServiceDefinition<?> definition, Consumer<Vertx> prepare, String[] args) {
        CommandLine line = new CommandLine(new Start(definition, prepare))
                .setCommandName(definition.name())
                .setExecutionExceptionHandler((failure, command, parsed) -> failed(command, failure));
        System.exit(line.execute(args));
    }

    private static int failed(CommandLine command, Exception failure) {
        // Also what only a service can know to be wrong, such as a setting that does not fit to --cluster.
        boolean badConfig = failure instanceof ConfigException || failure.getCause() instanceof ConfigException;
        String sentence = failure.getMessage() == null ? failure.toString() : failure.getMessage();
        command.getErr().println(command.getCommandName() + ": " + (badConfig ? "configuration: " : "") + sentence);
        return badConfig ? EXIT_USAGE : EXIT_FAILED;
    }

    @Command(
            mixinStandardHelpOptions = true,
            versionProvider = ServiceMain.VersionLine.class,
            description = "Runs one service of Tradewind until SIGTERM or Ctrl-C.",
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {
                "0:stopped cleanly",
                "1:the service did not start, or not stop in time",
                "2:wrong options or configuration"
            })
    private static final class Start implements Callable<Integer> {
        private final ServiceDefinition<?> definition;
        private final Consumer<Vertx> prepare;

        @Option(
                names = "--config",
                paramLabel = "FILE",
                description = "Configuration file; tradewind.yaml in the working directory if that is there.")
        private Path config;

        @Option(
                names = "--set",
                paramLabel = "section.key=value",
                description = "Sets one configuration key; wins over file and environment. Can be repeated.")
        private List<String> overrides = new ArrayList<>();

        @Option(names = "--cluster", description = "Joins the other processes; see the section cluster.")
        private boolean cluster;

        @Option(names = "--debug", description = "Logs more.")
        private boolean debug;

        Start(ServiceDefinition<?> definition, Consumer<Vertx> prepare) {
            this.definition = definition;
            this.prepare = prepare;
        }

        @Override
        public Integer call() throws Exception {
            Logging.start(debug);
            Settings settings = load();
            KitOptions options = cluster ? KitOptions.inCluster() : KitOptions.local();
            return ServiceProcess.run(List.of(definition), settings, options.withPrepare(prepare))
                    ? EXIT_OK
                    : EXIT_FAILED;
        }

        private Settings load() {
            Settings.Builder builder = Settings.builder()
                    .section(definition.name(), definition.configType())
                    .ignoreUnknownSections()
                    .environment(System.getenv());
            overrides.forEach(builder::override);
            return (config == null ? builder.fileIfPresent(DEFAULT_FILE) : builder.file(config)).build();
        }
    }

    /** Tells picocli what {@code --version} prints. */
    static final class VersionLine implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"tradewind " + Version.current()};
        }
    }
}
