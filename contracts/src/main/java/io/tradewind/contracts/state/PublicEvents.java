package io.tradewind.contracts.state;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.tradewind.contracts.JsonObjects;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The JSON that other teams' services get: what one transaction changed in one domain, as text. Documents are carried as
 * their writer encoded them.
 *
 * <pre>
 *   {
 *     "domain": "order", "partition": 3,
 *     "version": 1208,            of the transaction; the cursor of whoever has taken this in
 *     "previous": 1205,           nothing of this domain was changed between that version and this one
 *     "time": "2026-01-31T09:30:00.125Z",
 *     "transaction": "…",
 *     "cause": {"correlation_id": "…", "causation_id": "…", "actor": "…"},
 *     "changes": [
 *       {"key": "alice", "id": "0198-1", "version": 1208, "deleted": false, "value": {…}},
 *       {"key": "alice", "id": "0198-2", "version": 1208, "deleted": true, "value": null}
 *     ]
 *   }
 * </pre>
 *
 * A cause that is not known is null. Fields may be added; none is taken away. Pure functions, safe for any thread.
 */
public final class PublicEvents {

    private static final JsonFactory FACTORY = new JsonFactory();

    private PublicEvents() {}

    /** The changes of a transaction by domain, in the order of their first appearance. */
    public static Map<String, List<Mutation>> byDomain(CommittedTransaction tx) {
        Map<String, List<Mutation>> domains = new LinkedHashMap<>();
        for (Mutation mutation : tx.mutations()) {
            domains.computeIfAbsent(mutation.key().domain(), d -> new ArrayList<>())
                    .add(mutation);
        }
        return domains;
    }

    /**
     * One event.
     *
     * @param changes those of {@code tx} in {@code domain}
     * @param previous see above
     */
    public static String text(
            int partition, CommittedTransaction tx, String domain, List<Mutation> changes, long previous) {
        return write(out -> writeEvent(out, partition, tx, domain, changes, previous));
    }

    /**
     * The answer to a question for earlier events.
     *
     * <pre>
     *   {"partition": 3, "head": 1300, "cursor": 1250, "reset": false, "events": [ … ]}
     * </pre>
     *
     * @param head the last durable version
     * @param cursor what to ask behind next; everything up to it is told
     * @param reset whether the log no longer reaches back, or never reached so far: there are no events then
     * @param domain only this one; null for all
     */
    public static String page(
            int partition,
            long head,
            long after,
            long cursor,
            boolean reset,
            String domain,
            List<CommittedTransaction> transactions) {
        return write(out -> {
            out.writeStartObject();
            out.writeNumberField("partition", partition);
            out.writeNumberField("head", head);
            out.writeNumberField("cursor", cursor);
            out.writeBooleanField("reset", reset);
            out.writeArrayFieldStart("events");
            Map<String, Long> previous = new LinkedHashMap<>();
            for (CommittedTransaction tx : transactions) {
                for (Map.Entry<String, List<Mutation>> entry : byDomain(tx).entrySet()) {
                    if (domain == null || domain.equals(entry.getKey())) {
                        Long before = previous.put(entry.getKey(), tx.version());
                        long since = before == null ? after : before;
                        writeEvent(out, partition, tx, entry.getKey(), entry.getValue(), since);
                    }
                }
            }
            out.writeEndArray();
            out.writeEndObject();
        });
    }

    private static void writeEvent(
            JsonGenerator out,
            int partition,
            CommittedTransaction tx,
            String domain,
            List<Mutation> changes,
            long previous)
            throws IOException {
        out.writeStartObject();
        out.writeStringField("domain", domain);
        out.writeNumberField("partition", partition);
        out.writeNumberField("version", tx.version());
        out.writeNumberField("previous", previous);
        out.writeStringField("time", JsonObjects.timeText(tx.timeMs()));
        out.writeStringField("transaction", tx.id());
        out.writeObjectFieldStart("cause");
        out.writeStringField("correlation_id", tx.cause().correlationId());
        out.writeStringField("causation_id", tx.cause().causationId());
        out.writeStringField("actor", tx.cause().actor());
        out.writeEndObject();
        out.writeArrayFieldStart("changes");
        for (Mutation mutation : changes) {
            out.writeStartObject();
            out.writeStringField("key", mutation.key().partitionKey());
            out.writeStringField("id", mutation.key().id());
            out.writeNumberField("version", tx.version());
            out.writeBooleanField("deleted", mutation.isDelete());
            out.writeFieldName("value");
            if (mutation.isDelete()) {
                out.writeNull();
            } else {
                out.writeRawValue(mutation.json().toString());
            }
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private static String write(Body body) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = FACTORY.createGenerator(text)) {
            body.write(out);
        } catch (IOException e) {
            throw new UncheckedIOException("writing JSON to memory", e);
        }
        return text.toString();
    }

    @FunctionalInterface
    private interface Body {
        void write(JsonGenerator out) throws IOException;
    }
}
