package io.tradewind.allinone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tradewind.allinone.cli.ApiClient.Reply;
import io.tradewind.contracts.state.Partitions;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A command that asks a running Tradewind for something and shows the answer: as a table, or as it came. */
abstract class ClientCommand implements Callable<Integer> {

    @Mixin
    private ServerOptions serverOptions;

    @Option(names = "--json", description = "Print the server's JSON instead of a table.")
    private boolean json;

    private final Console console;

    ClientCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        return run(new ApiClient(serverOptions.resolve(console)));
    }

    /** Does it; returns the exit code. */
    abstract int run(ApiClient api);

    Console console() {
        return console;
    }

    /** Which instance it is about. */
    ServerOptions server() {
        return serverOptions;
    }

    boolean json() {
        return json;
    }

    /** How an answer that is fine is shown to people. */
    interface View {
        void show(JsonNode answer);
    }

    /** Shows the answer to a question. */
    int answer(Reply reply, View view) {
        return show(reply, view, false);
    }

    /** Shows the answer to a change. */
    int outcome(Reply reply, View view) {
        return show(reply, view, true);
    }

    /** Has every partition do something; with {@code --json}, each line is printed as it comes. */
    PartitionRun runOverPartitions(ApiClient api, String service, String verb, String doing, boolean change) {
        try (Progress progress = new Progress(console, doing, Partitions.COUNT)) {
            return new PartitionRun(api, service, verb, change).run(progress, this::printLine);
        }
    }

    private void printLine(String line) {
        if (json) {
            console.out().println(line);
        }
    }

    private int show(Reply reply, View view, boolean change) {
        if (json && !reply.body().isBlank()) {
            console.out().println(reply.body().strip());
        }
        if (!reply.ok()) {
            throw new CommandFailure(ApiClient.exitCode(reply, change), ApiClient.message(reply));
        }
        if (!json) {
            view.show(reply.json());
        }
        return ExitCode.OK;
    }

    void print(Table table, String whenEmpty) {
        if (table.isEmpty()) {
            console.out().println(whenEmpty);
        } else {
            console.out().print(table.render(console.terminal()));
        }
    }

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** A field as text, empty when it is not there or null. */
    static String text(JsonNode json, String field) {
        return json.path(field).asText("").equals("null")
                ? ""
                : json.path(field).asText("");
    }

    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
