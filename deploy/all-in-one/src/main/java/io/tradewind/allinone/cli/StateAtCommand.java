package io.tradewind.allinone.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows one entity as it was when its partition had some version. */
@Command(
        name = "at",
        header = "Show an entity as it was at an earlier version.",
        description =
                "A version is that of the partition: `state history` lists them, and every answer and event of the"
                        + " API carries one.")
final class StateAtCommand extends ClientCommand {

    @Parameters(index = "0", paramLabel = "DOMAIN", description = "Such as order, position, account.")
    private String domain;

    @Parameters(index = "1", paramLabel = "ID", description = "Of the entity: an order's id, a position's symbol.")
    private String id;

    @Option(names = "--version", required = true, description = "Version of the partition, from 1.")
    private long version;

    @Option(names = "--partition-key", description = "Partition key, mostly the account. Default: that of the API key.")
    private String key;

    StateAtCommand(Console console) {
        super(console);
    }

    @Override
    int run(ApiClient api) {
        String path = "/v2/state/" + StateHistoryCommand.encoded(domain) + "/" + StateHistoryCommand.encoded(id)
                + "?version=" + version
                + (key == null ? "" : "&key=" + StateHistoryCommand.encoded(key));
        return answer(api.get(path), entity -> {
            console()
                    .out()
                    .println(domain + " " + id + " of " + text(entity, "key") + ", last changed at version "
                            + text(entity, "version") + ":");
            console().out().println(entity.path("data").toPrettyString());
        });
    }
}
