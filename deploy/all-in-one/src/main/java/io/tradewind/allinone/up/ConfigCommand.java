package io.tradewind.allinone.up;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tradewind.allinone.cli.Console;
import io.tradewind.allinone.cli.ExitCode;
import io.tradewind.servicekit.config.Settings;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows what {@code up} would run with; needs no running instance and changes nothing. */
@Command(
        name = "config",
        header = "Check and show the configuration that up would run with.",
        description = "With --defaults: a commented " + ConfigOptions.DEFAULT_FILE + " with every key, to start from.")
public final class ConfigCommand implements Callable<Integer> {

    @Mixin
    private ConfigOptions config;

    @Option(names = "--defaults", description = "Print a commented file with every key and its default.")
    private boolean defaults;

    @Option(names = "--json", description = "Print every key with value, default, meaning and variable as JSON.")
    private boolean json;

    private final Console console;

    public ConfigCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Settings settings = Logs.quietly(() -> config.load(console, Map.of()));
        settings.warnings().forEach(warning -> console.err().println("tradewind: " + warning));
        if (json) {
            console.out().println(asJson(settings));
        } else {
            console.out().println(defaults ? settings.describe() : settings.effective());
        }
        return ExitCode.OK;
    }

    private static String asJson(Settings settings) {
        ObjectNode keys = JsonNodeFactory.instance.objectNode();
        settings.keys().forEach(key -> keys.putObject(key.key())
                .put("value", key.value())
                .put("default", key.defaultValue())
                .put("type", key.type())
                .put("variable", key.environment())
                .put("doc", key.doc()));
        return keys.toPrettyString();
    }
}
