package io.tradewind.gateway.endpoint;

import io.tradewind.contracts.Json;
import io.tradewind.contracts.state.Partitions;
import io.tradewind.contracts.state.StateCommand;
import io.tradewind.contracts.state.SyncCommand;
import io.tradewind.gateway.domain.ApiCode;
import io.tradewind.gateway.domain.ApiError;
import io.tradewind.gateway.domain.ApiException;
import io.tradewind.gateway.domain.RequestBody;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * {@code POST /v2/system/state/{verb}} and {@code POST /v2/system/sync/{verb}}: an operator's command about one partition,
 * or about all, one after the other; to the state-store, or to db-sync.
 *
 * <pre>
 *   {"partition":0, …}                                    as the service answered
 *   {"partition":1,"error":{"code":…,"message":…}}        it could not; the others go on
 *                                                         an empty line while one takes long: it goes on
 * </pre>
 *
 * The answer is complete when every partition has its line: it may end early, but never looks as if it were whole. A
 * caller that goes away ends the run behind the partition under way. Stateless, on the event loop of its instance.
 */
final class OperatorEndpoint {

    private static final Map<String, StateCommand.Verb> STATE_VERBS = Map.of(
            "usage", StateCommand.Verb.USAGE,
            "compress", StateCommand.Verb.COMPRESS,
            "cleanup", StateCommand.Verb.CLEAN_UP,
            "snapshot", StateCommand.Verb.SNAPSHOT,
            "verify", StateCommand.Verb.VERIFY);
    private static final Map<String, SyncCommand.Verb> SYNC_VERBS = Map.of(
            "status", SyncCommand.Verb.STATUS,
            "flush", SyncCommand.Verb.FLUSH,
            "verify", SyncCommand.Verb.VERIFY,
            "rebuild", SyncCommand.Verb.REBUILD,
            "replay", SyncCommand.Verb.REPLAY);
    private static final Set<String> FIELDS = Set.of("partition");
    private static final String NDJSON = "application/x-ndjson";

    private final Vertx vertx;
    private final Services services;
    private final long heartbeatMs;

    OperatorEndpoint(Vertx vertx, Services services, Duration heartbeat) {
        this.vertx = vertx;
        this.services = services;
        this.heartbeatMs = heartbeat.toMillis();
    }

    /** To the owners of the partitions. */
    Future<Answer> state(Call call) {
        StateCommand.Verb verb = verb(STATE_VERBS, call);
        return run(call, partition -> services.operate(new StateCommand(verb, partition)));
    }

    /** To the db-sync that follows the logs. */
    Future<Answer> sync(Call call) {
        SyncCommand.Verb verb = verb(SYNC_VERBS, call);
        return run(call, partition -> services.operate(new SyncCommand(verb, partition)));
    }

    private static <V> V verb(Map<String, V> verbs, Call call) {
        V verb = verbs.get(call.pathParameter());
        if (verb == null) {
            throw ApiError.of(
                            ApiCode.PATH_UNKNOWN,
                            "there is no such command; there are " + String.join(", ", new TreeSet<>(verbs.keySet())))
                    .exception();
        }
        return verb;
    }

    private Future<Answer> run(Call call, IntFunction<Future<Json>> command) {
        Integer partition = call.body().length() == 0
                ? null
                : RequestBody.parse(call.body().getBytes(), FIELDS).number("partition", 0, Partitions.COUNT - 1);
        int[] partitions =
                partition == null ? IntStream.range(0, Partitions.COUNT).toArray() : new int[] {partition};
        new Run(call.request().response(), command, partitions).begin();
        return Future.succeededFuture();
    }

    /** One command on its way through the partitions. */
    private final class Run {

        private final HttpServerResponse response;
        private final IntFunction<Future<Json>> command;
        private final int[] partitions;
        private long heartbeat;
        private boolean gone;

        Run(HttpServerResponse response, IntFunction<Future<Json>> command, int[] partitions) {
            this.response = response;
            this.command = command;
            this.partitions = partitions;
        }

        void begin() {
            Answer.secure(response);
            // At once, so that the caller knows that it is under way.
            response.setChunked(true)
                    .putHeader(HttpHeaders.CONTENT_TYPE, NDJSON)
                    .writeHead();
            heartbeat = vertx.setPeriodic(heartbeatMs, timer -> line(""));
            response.closeHandler(close -> {
                gone = true;
                vertx.cancelTimer(heartbeat);
            });
            step(0);
        }

        private void step(int next) {
            if (gone) {
                return;
            }
            if (next == partitions.length) {
                vertx.cancelTimer(heartbeat);
                response.end();
                return;
            }
            int partition = partitions[next];
            command.apply(partition).onComplete(done -> {
                line(done.succeeded() ? done.result().toString() : failed(partition, done.cause()));
                step(next + 1);
            });
        }

        private void line(String text) {
            if (!gone) {
                response.write(text + "\n");
            }
        }
    }

    private static String failed(int partition, Throwable cause) {
        Json error = (cause instanceof ApiException known ? known.error() : ApiError.internal()).toJson();
        return "{\"partition\":" + partition + ",\"error\":" + error + "}";
    }
}
