package io.tradewind.allinone.up;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.tradewind.allinone.cli.Console;
import io.tradewind.servicekit.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Option;

/** Where the configuration comes from: file, environment, command line; later wins. */
public final class ConfigOptions {

    static final String DEFAULT_FILE = "tradewind.yaml";

    /** Variables with our prefix that are for the script and the client, and set no key. */
    private static final String[] FOREIGN = {
        "TRADEWIND_JVM_OPTS", "TRADEWIND_BUILD", "TRADEWIND_URL", "TRADEWIND_KEY", "TRADEWIND_SECRET"
    };

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Configuration file. Default: ./" + DEFAULT_FILE + " if it is there.")
    private Path file;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Sets one configuration key; can be repeated, wins over file and environment.")
    private List<String> assignments = new ArrayList<>();

    /** Reads and checks everything; {@code forced} wins over all the user said. */
    Settings load(Console console, Map<String, String> forced) {
        Settings.Builder builder = Settings.builder()
                .section(EmbeddedConfig.SECTION, EmbeddedConfig.class)
                .environment(console.environment())
                .foreignEnvironment(FOREIGN);
        AllServices.DEFINITIONS.forEach(service -> builder.section(service.name(), service.configType()));
        if (file != null) {
            builder.file(console.resolve(file));
        } else {
            builder.fileIfPresent(console.resolve(Path.of(DEFAULT_FILE)));
        }
        assignments.forEach(builder::override);
        forced.forEach(builder::override);
        return builder.build();
    }

    /**
     * Whether the user set {@code key} anywhere, be it to its default. Asked after {@link #load}, which has set aside a
     * file that cannot be read.
     */
    public boolean isSet(Console console, String key) {
        String variable = "TRADEWIND_" + key.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
        return assignments.stream().anyMatch(assignment -> assignment.strip().startsWith(key + "="))
                || console.environment().containsKey(variable)
                || isInFile(console.resolve(file != null ? file : Path.of(DEFAULT_FILE)), key);
    }

    private static boolean isInFile(Path path, String key) {
        if (!Files.exists(path)) {
            return false;
        }
        try {
            JsonNode found = new YAMLMapper().readTree(Files.readAllBytes(path));
            for (String step : key.split("\\.", -1)) {
                found = found.path(step);
            }
            return !found.isMissingNode() && !found.isNull();
        } catch (IOException e) {
            // It was readable a moment ago, when it was loaded; whoever changes it now starts again anyway.
            return false;
        }
    }
}
