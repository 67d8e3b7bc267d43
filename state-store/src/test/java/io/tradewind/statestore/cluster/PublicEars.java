package io.tradewind.statestore.cluster;

import io.tradewind.contracts.Addresses;
import io.tradewind.contracts.state.Partitions;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/**
 * A subscriber of one public topic as docs/PROTOCOL.md tells other teams to write it: takes in what follows upon what it
 * has, asks for what it missed, and asks now and then whether there is more. On one event loop; read by any thread.
 */
final class PublicEars {

    private static final long PROBE_MS = 1_000;
    private static final long RETRY_MS = 100;
    private static final DeliveryOptions PATIENCE = new DeliveryOptions().setSendTimeout(3_000);

    private final Vertx vertx;
    private final Context context;
    private final String domain;
    private final long[] cursors = new long[Partitions.COUNT];
    private final boolean[] asking = new boolean[Partitions.COUNT];
    private final List<List<Long>> heard = Stream.generate(() -> Collections.synchronizedList(new ArrayList<Long>()))
            .limit(Partitions.COUNT)
            .toList();

    PublicEars(Vertx vertx, String domain) {
        this.vertx = vertx;
        this.domain = domain;
        this.context = vertx.getOrCreateContext();
    }

    void open() {
        context.runOnContext(v -> {
            vertx.eventBus()
                    .<String>consumer(Addresses.events(domain), message -> onEvent(new JsonObject(message.body())));
            vertx.setPeriodic(PROBE_MS, id -> {
                for (int p = 0; p < Partitions.COUNT; p++) {
                    ask(p);
                }
            });
        });
    }

    /** The versions of the events of a partition, as they were taken in; a reset is the negative of its version. */
    List<Long> heard(int partition) {
        return heard.get(partition);
    }

    private void onEvent(JsonObject event) {
        int partition = event.getInteger("partition");
        if (asking[partition] || event.getLong("version") <= cursors[partition]) {
            return; // the answer tells it, or it is known
        }
        if (event.getLong("previous") > cursors[partition]) {
            ask(partition);
        } else {
            take(partition, event);
        }
    }

    private void take(int partition, JsonObject event) {
        cursors[partition] = event.getLong("version");
        heard.get(partition).add(cursors[partition]);
    }

    private void ask(int partition) {
        if (!asking[partition]) {
            asking[partition] = true;
            askOn(partition);
        }
    }

    private void askOn(int partition) {
        JsonObject question = new JsonObject()
                .put("partition", partition)
                .put("after", cursors[partition])
                .put("domain", domain);
        vertx.eventBus()
                .<String>request(Addresses.EVENTS_READ, question.encode(), PATIENCE)
                .onSuccess(answer -> context.runOnContext(v -> onPage(partition, new JsonObject(answer.body()))))
                .onFailure(failure -> vertx.setTimer(RETRY_MS, id -> context.runOnContext(v -> askOn(partition))));
    }

    private void onPage(int partition, JsonObject page) {
        if (page.getBoolean("reset")) {
            heard.get(partition).add(-page.getLong("cursor"));
        }
        for (Object each : page.getJsonArray("events")) {
            take(partition, (JsonObject) each);
        }
        cursors[partition] = Math.max(cursors[partition], page.getLong("cursor"));
        if (cursors[partition] < page.getLong("head")) {
            askOn(partition);
        } else {
            asking[partition] = false;
        }
    }
}
