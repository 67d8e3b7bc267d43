package io.tradewind.statestore.endpoint;

import io.tradewind.contracts.Addresses;
import io.tradewind.contracts.Failure;
import io.tradewind.contracts.Json;
import io.tradewind.contracts.state.StateCommand;
import io.tradewind.statestore.domain.DomainUsage;
import io.vertx.core.Future;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Clock;

/** Answers the commands of an operator about the partitions of this process. On the event loop of the state-store. */
final class OperatorCommands {

    private final Clock clock;
    private final LogKeeper keeper;
    private final MemoryKeeper memory;
    private final Verifier verifier;
    private final OneByOne oneByOne;

    OperatorCommands(Clock clock, LogKeeper keeper, MemoryKeeper memory, Verifier verifier, OneByOne oneByOne) {
        this.clock = clock;
        this.keeper = keeper;
        this.memory = memory;
        this.verifier = verifier;
        this.oneByOne = oneByOne;
    }

    /** Answers for a partition, while this process owns it. */
    void attach(PartitionServer server) {
        server.<StateCommand>answer(Addresses.stateCommand(server.number()), message -> onCommand(server, message));
    }

    private void onCommand(PartitionServer server, Message<StateCommand> message) {
        if (!server.isServing()) {
            message.fail(Failure.UNAVAILABLE.code(), "partition " + server.number() + " is not served now; try again");
            return;
        }
        carryOut(server, message.body())
                .onSuccess(answer -> message.reply(
                        Json.of(answer.put("partition", server.number()).encode())))
                .onFailure(failure -> message.fail(Failure.UNAVAILABLE.code(), failure.getMessage()));
    }

    private Future<JsonObject> carryOut(PartitionServer server, StateCommand command) {
        return switch (command.verb()) {
            case SNAPSHOT ->
                keeper.snapshotNow(server.number(), clock.millis()).map(id -> new JsonObject()
                        .put("version", id.version())
                        .put("name", id.name())
                        .put("bytes", id.bytes()));
            case VERIFY ->
                oneByOne.run(() -> verifier.verify(server.partition())).map(found -> new JsonObject()
                        .put("version", found.version())
                        .put("entities", found.entities())
                        .put("snapshot_version", found.snapshotVersion())
                        .put("hash", Long.toHexString(found.hash()))
                        .put("ok", found.problem() == null)
                        .put("problem", found.problem()));
            case USAGE -> Future.succeededFuture(usage(server));
            case COMPRESS -> {
                long before = heapBytes(server);
                yield memory.compressNow(server.number()).map(packed -> new JsonObject()
                        .put("packed", packed)
                        .put("heap_bytes_before", before)
                        .put("heap_bytes", heapBytes(server)));
            }
            case CLEAN_UP ->
                memory.cleanUpNow(server.number()).map(removed -> new JsonObject()
                        .put("removed", removed)
                        .put("left", server.partition().entities()));
        };
    }

    private JsonObject usage(PartitionServer server) {
        JsonObject domains = new JsonObject();
        memory.usage(server.number())
                .forEach((domain, taken) -> domains.put(
                        domain,
                        new JsonObject()
                                .put("entities", taken.entities())
                                .put("cold", taken.cold())
                                .put("bytes", taken.documentBytes())
                                .put("heap_bytes", taken.heapBytes())));
        return new JsonObject()
                .put("version", server.partition().durableVersion())
                .put("domains", domains)
                .put("retention", new JsonArray(memory.retained()))
                .put("heap_bytes", heapBytes(server));
    }

    private long heapBytes(PartitionServer server) {
        return memory.usage(server.number()).values().stream()
                .mapToLong(DomainUsage::heapBytes)
                .sum();
    }
}
