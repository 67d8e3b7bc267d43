package io.tradewind.gateway.endpoint;

import io.tradewind.contracts.Json;
import io.tradewind.contracts.JsonObjects;
import io.tradewind.contracts.state.EntitiesPage;
import io.tradewind.contracts.state.Entity;
import io.tradewind.contracts.state.EntityAsOf;
import io.tradewind.contracts.state.EntityChange;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.contracts.state.HistoryPage;
import io.tradewind.contracts.state.ReadEntities;
import io.tradewind.contracts.state.ReadHistory;
import io.tradewind.gateway.domain.ApiCode;
import io.tradewind.gateway.domain.ApiError;
import io.tradewind.gateway.domain.RequestBody;
import io.tradewind.gateway.domain.StateQuery;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.InstantSource;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * {@code /v2/state}: the entities of any domain, as they are, as they were, and how they changed. Documents go out as
 * they are stored. Stateless, on the event loop of its instance.
 */
final class EntitiesEndpoint {

    /** Requests to the state-store for one answer about the past; each looks for about a second. */
    private static final int MAX_LOOKS = 20;

    private static final int OK = 200;

    private final Services services;
    private final InstantSource clock;

    EntitiesEndpoint(Services services, InstantSource clock) {
        this.services = services;
        this.clock = clock;
    }

    Future<Answer> list(Call call) {
        String domain = call.pathParameter();
        String key = StateQuery.partitionKey(call.key(), domain, call::parameter);
        ReadEntities query = StateQuery.list(domain, key, call::parameter);
        return services.read(query).map(page -> {
            Buffer body = Buffer.buffer("{");
            put(body, JsonObjects.write(out -> {
                out.text("domain", domain).text("key", key).number("version", page.version());
                freshness(out, page);
                out.flag("more", page.more());
            }));
            body.appendString(",\"entities\":[");
            String separator = "";
            for (Entity entity : page.entities()) {
                body.appendString(separator).appendString("{");
                put(body, JsonObjects.write(out -> out.text("id", entity.key().id())
                        .number("version", entity.version())
                        .time("updated_at", entity.timeMs())));
                data(body, entity.json()).appendString("}");
                separator = ",";
            }
            return Answer.json(OK, body.appendString("]}"));
        });
    }

    Future<Answer> one(Call call) {
        EntityKey key = key(call);
        long version = StateQuery.version(call::parameter);
        if (version > 0) {
            return look(key, ReadHistory.asOf(key, version), 1).map(page -> asOf(key, version, page));
        }
        ReadEntities query = ReadEntities.one(key).noOlderThan(StateQuery.maxAgeMs(call::parameter));
        return services.read(query).map(page -> {
            if (page.entities().isEmpty()) {
                throw notFound("there is no " + key.domain() + " with this id").exception();
            }
            return entity(page.entities().get(0), out -> {
                out.number("partition_version", page.version());
                freshness(out, page);
            });
        });
    }

    Future<Answer> history(Call call) {
        EntityKey key = key(call);
        ReadHistory query = StateQuery.history(key, call::parameter);
        return services.history(query).map(page -> {
            Buffer body = Buffer.buffer("{");
            put(body, JsonObjects.write(out -> out.text("domain", key.domain())
                    .text("key", key.partitionKey())
                    .text("id", key.id())
                    .number("head_version", page.headVersion())
                    .number("looked_back_to", page.lookedBackTo())
                    .text("end", page.end().name().toLowerCase(Locale.ROOT))
                    .text("reason", page.reason())));
            body.appendString(",\"changes\":[");
            String separator = "";
            for (EntityChange change : page.changes()) {
                append(body.appendString(separator), change);
                separator = ",";
            }
            return Answer.json(OK, body.appendString("]}"));
        });
    }

    private static void append(Buffer body, EntityChange change) {
        body.appendString("{");
        put(body, JsonObjects.write(out -> out.number("version", change.version())
                .time("at", change.timeMs())
                .text("type", change.isDelete() ? "delete" : "put")
                .text("transaction_id", change.transactionId())
                .text("correlation_id", change.cause().correlationId())
                .text("causation_id", change.cause().causationId())
                .text("actor", change.cause().actor())));
        if (!change.isDelete()) {
            data(body, change.json());
        }
        body.appendString("}");
    }

    /** Goes on looking until the change is found, nothing older is to be had, or it takes too long. */
    private Future<HistoryPage> look(EntityKey key, ReadHistory query, int looks) {
        return services.history(query).compose(page -> {
            if (!page.hasMore() || !page.changes().isEmpty()) {
                return Future.succeededFuture(page);
            }
            if (looks >= MAX_LOOKS) {
                return Future.failedFuture(ApiError.historyUnavailable("it did not change from version "
                                + page.lookedBackTo()
                                + " on, and looking further back takes too long for one answer; the"
                                + " history call, with before=" + page.lookedBackTo() + ", goes on from there")
                        .exception());
            }
            // The head stays that of the first answer.
            return look(key, query.from(page.lookedBackTo() - 1), looks + 1)
                    .map(rest -> new HistoryPage(
                            page.headVersion(), rest.changes(), rest.lookedBackTo(), rest.end(), rest.reason()));
        });
    }

    private static Answer asOf(EntityKey key, long version, HistoryPage page) {
        EntityAsOf known = EntityAsOf.of(key, version, page);
        if (known instanceof EntityAsOf.Found found) {
            return entity(found.entity(), out -> out.number("as_of_version", version));
        }
        throw refusal(key, version, known).exception();
    }

    private static ApiError refusal(EntityKey key, long version, EntityAsOf known) {
        if (known instanceof EntityAsOf.NotYet notYet) {
            return RequestBody.invalid(
                            "version",
                            "version " + version + " is not there yet: the newest is " + notYet.headVersion())
                    .error();
        }
        if (known instanceof EntityAsOf.NotKept notKept) {
            return ApiError.of(
                    ApiCode.STATE_NOT_KEPT,
                    "it did not change from version " + notKept.oldestVersion() + " to " + version
                            + ", and what is older is not kept any more");
        }
        if (known instanceof EntityAsOf.OutOfReach outOfReach) {
            return ApiError.historyUnavailable("it did not change from version " + outOfReach.oldestVersion() + " to "
                    + version + "; what is older cannot be read now: " + outOfReach.reason());
        }
        long deleted = known instanceof EntityAsOf.Absent absent ? absent.deletedVersion() : 0;
        return notFound(
                deleted == 0
                        ? "there was no " + key.domain() + " with this id at version " + version
                        : "it had been deleted at version " + deleted);
    }

    private static EntityKey key(Call call) {
        String domain = call.pathParameter();
        String key = StateQuery.partitionKey(call.key(), domain, call::parameter);
        return StateQuery.key(domain, key, call.secondPathParameter());
    }

    private static Answer entity(Entity entity, Consumer<JsonObjects.Fields> more) {
        Buffer body = Buffer.buffer("{");
        put(body, JsonObjects.write(out -> {
            out.text("domain", entity.key().domain())
                    .text("key", entity.key().partitionKey())
                    .text("id", entity.key().id())
                    .number("version", entity.version())
                    .time("updated_at", entity.timeMs());
            more.accept(out);
        }));
        return Answer.json(OK, data(body, entity.json()).appendString("}"));
    }

    private void freshness(JsonObjects.Fields out, EntitiesPage page) {
        out.time("as_of", page.asOfMs())
                .number("age_ms", Math.max(0, clock.millis() - page.asOfMs()))
                .flag("stale", page.stale());
    }

    /** The fields of an object, without its braces. */
    private static void put(Buffer body, Json fields) {
        body.appendBytes(fields.bytes(), 1, fields.size() - 2);
    }

    private static Buffer data(Buffer body, Json document) {
        return body.appendString(",\"data\":").appendBytes(document.bytes());
    }

    private static ApiError notFound(String message) {
        return ApiError.of(ApiCode.ENTITY_NOT_FOUND, message);
    }
}
