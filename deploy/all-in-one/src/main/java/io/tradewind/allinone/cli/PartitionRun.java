package io.tradewind.allinone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.tradewind.allinone.cli.ApiClient.Reply;
import io.tradewind.contracts.state.Partitions;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * One command of an operator on its way through all partitions, see {@code POST /v2/system/state/{verb}} and
 * {@code POST /v2/system/sync/{verb}} in docs/API.md.
 * An answer that ends before every partition had its line is a failure, never a result. Blocking; one thread.
 */
final class PartitionRun {

    private final ApiClient api;
    private final String service;
    private final String verb;
    private final boolean change;
    private final Map<Integer, JsonNode> answers = new TreeMap<>();
    private final Map<Integer, JsonNode> errors = new TreeMap<>();

    /**
     * @param service whom it is for: {@code state} or {@code sync}
     * @param verb last part of the path
     * @param change whether a lost answer leaves open what was done
     */
    PartitionRun(ApiClient api, String service, String verb, boolean change) {
        this.api = api;
        this.service = service;
        this.verb = verb;
        this.change = change;
    }

    /**
     * Goes through all of them.
     *
     * @param each hears of each partition as soon as it has answered, with its line as it came
     */
    PartitionRun run(Progress progress, Consumer<String> each) {
        Reply refused = api.lines("/v2/system/" + service + "/" + verb, change, line -> {
            take(line);
            each.accept(line);
            progress.step();
        });
        if (refused != null) {
            throw new CommandFailure(ApiClient.exitCode(refused, change), ApiClient.message(refused));
        }
        int told = answers.size() + errors.size();
        if (told < Partitions.COUNT) {
            throw new CommandFailure(
                    change ? ExitCode.UNKNOWN : ExitCode.UNREACHABLE,
                    "the answer broke off after " + told + " of " + Partitions.COUNT
                            + " partitions; the rest may or may not be done, and can be repeated without harm");
        }
        return this;
    }

    private void take(String line) {
        JsonNode answer = ApiClient.parse(line);
        if (!answer.path("partition").isIntegralNumber()) {
            throw new CommandFailure(
                    ExitCode.FAILED, api.url() + " answered something else than Tradewind does: " + line);
        }
        int partition = answer.path("partition").asInt();
        (answer.hasNonNull("error") ? errors : answers).put(partition, answer);
    }

    /** By partition, of those that did it. */
    Map<Integer, JsonNode> answers() {
        return answers;
    }

    /** Ends the command unless every partition did it. */
    void requireAll() {
        if (!errors.isEmpty()) {
            JsonNode first = errors.values().iterator().next();
            throw new CommandFailure(
                    ExitCode.FAILED,
                    verb + " did not work on " + errors.size() + " of " + Partitions.COUNT + " partitions; partition "
                            + first.path("partition").asInt() + ": "
                            + first.path("error").path("message").asText("no reason given"));
        }
    }
}
