package io.tradewind.statestore.endpoint;

import io.tradewind.contracts.Addresses;
import io.tradewind.contracts.Failure;
import io.tradewind.contracts.state.Changes;
import io.tradewind.contracts.state.CommittedTransaction;
import io.tradewind.contracts.state.LogPage;
import io.tradewind.contracts.state.Mutation;
import io.tradewind.contracts.state.Partitions;
import io.tradewind.contracts.state.PublicEvents;
import io.tradewind.contracts.state.ReadLog;
import io.tradewind.contracts.state.StateClient;
import io.tradewind.statestore.domain.PublicSequence;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Events for other teams' services, as text that needs nothing of ours to read: what the partitions of this process make
 * durable is published by domain, and whoever missed some asks for them. Published at most once; a question may go to any
 * state-store, which asks the owner of the partition.
 *
 * <p>On the event loop of its endpoint, which opens and closes it. Nothing is lost with it in a crash: the log has it all.
 */
final class PublicEventPublisher {

    /** Transactions in one answer; the log itself answers with no more. */
    static final int MAX_LIMIT = 1_000;

    static final int DEFAULT_LIMIT = 500;

    private final EventBus bus;
    private final StateClient state;
    private final List<PublicSequence> sequences =
            Stream.generate(PublicSequence::new).limit(Partitions.COUNT).toList();
    private MessageConsumer<Object> questions;

    PublicEventPublisher(Vertx vertx, StateClient state) {
        this.bus = vertx.eventBus();
        this.state = state;
    }

    /** Completes when questions are taken. */
    Future<Void> open() {
        questions = bus.consumer(Addresses.EVENTS_READ, this::onQuestion);
        return questions.completion();
    }

    Future<Void> close() {
        return questions == null ? Future.succeededFuture() : questions.unregister();
    }

    /** What has become durable on a partition that is owned here, in version order. */
    void publish(Changes changes) {
        PublicSequence sequence = sequences.get(changes.partition());
        sequence.begin(changes.epoch(), changes.firstVersion());
        for (CommittedTransaction tx : changes.transactions()) {
            for (Map.Entry<String, List<Mutation>> entry :
                    PublicEvents.byDomain(tx).entrySet()) {
                String domain = entry.getKey();
                long previous = sequence.next(domain, tx.version());
                bus.publish(
                        Addresses.events(domain),
                        PublicEvents.text(changes.partition(), tx, domain, entry.getValue(), previous));
            }
        }
    }

    private void onQuestion(Message<Object> message) {
        Question question;
        try {
            question = Question.parse(message.body());
        } catch (IllegalArgumentException | ClassCastException | DecodeException e) {
            message.fail(Failure.INVALID.code(), e.getMessage());
            return;
        }
        state.readLog(new ReadLog(question.partition(), question.after(), question.limit()))
                .map(page -> answer(question, page))
                .onSuccess(message::reply)
                .onFailure(failure -> message.fail(Failure.of(failure).code(), String.valueOf(failure.getMessage())));
    }

    private static String answer(Question question, LogPage page) {
        List<CommittedTransaction> found = page.transactions();
        long cursor = page.reset()
                ? page.headVersion()
                : found.isEmpty()
                        ? question.after()
                        : found.get(found.size() - 1).version();
        return PublicEvents.page(
                question.partition(),
                page.headVersion(),
                question.after(),
                cursor,
                page.reset(),
                question.domain(),
                found);
    }

    /** What somebody wants to know. */
    record Question(int partition, long after, int limit, String domain) {

        private static final List<String> FIELDS = List.of("partition", "after", "limit", "domain");

        /**
         * Reads a JSON object, as such or as text.
         *
         * @throws IllegalArgumentException with the field, its value and its limits
         */
        static Question parse(Object body) {
            JsonObject json = body instanceof JsonObject object
                    ? object
                    : body instanceof String text ? decode(text) : reject(body);
            for (String field : json.fieldNames()) {
                if (!FIELDS.contains(field)) {
                    throw new IllegalArgumentException("field '" + field + "' is not known; there are " + FIELDS);
                }
            }
            Object domain = json.getValue("domain");
            if (domain != null && !(domain instanceof String)) {
                throw new IllegalArgumentException("domain " + domain + ": must be text, or left out for all");
            }
            return new Question(
                    (int) number(json, "partition", null, 0, Partitions.COUNT - 1),
                    number(json, "after", null, 0, Long.MAX_VALUE),
                    (int) number(json, "limit", DEFAULT_LIMIT, 1, MAX_LIMIT),
                    (String) domain);
        }

        private static JsonObject decode(String text) {
            try {
                return new JsonObject(text);
            } catch (DecodeException e) {
                throw new IllegalArgumentException("not a JSON object: " + e.getMessage(), e);
            }
        }

        private static JsonObject reject(Object body) {
            throw new IllegalArgumentException("send a JSON object or its text, not "
                    + (body == null ? "nothing" : body.getClass().getSimpleName()));
        }

        private static long number(JsonObject json, String field, Integer otherwise, long min, long max) {
            Object value = json.getValue(field);
            if (value == null && otherwise != null) {
                return otherwise;
            }
            boolean whole = value instanceof Integer || value instanceof Long;
            if (!whole || ((Number) value).longValue() < min || ((Number) value).longValue() > max) {
                throw new IllegalArgumentException(
                        field + " " + value + ": must be a whole number within " + min + ".." + max);
            }
            return ((Number) value).longValue();
        }
    }
}
