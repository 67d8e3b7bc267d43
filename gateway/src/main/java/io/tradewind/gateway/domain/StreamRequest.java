package io.tradewind.gateway.domain;

import io.tradewind.contracts.orders.DenialCode;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Function;

/**
 * What {@code GET /v2/events} asks for.
 *
 * @param since where to go on; {@code null}: from now on
 * @param throttleMs at most one change per entity in so many ms; 0 for every change
 * @param snapshot whether the current entities come first; not when the client goes on from a cursor
 */
public record StreamRequest(Set<Topic> topics, Cursor since, int throttleMs, boolean snapshot) {

    public static final int MAX_THROTTLE_MS = 60_000;

    private static final Set<Topic> DEFAULT_TOPICS = EnumSet.of(Topic.ORDERS, Topic.POSITIONS, Topic.ACCOUNT);

    public StreamRequest {
        topics = Set.copyOf(topics);
    }

    /**
     * @param parameter the request's parameters by name, {@code null} for those that are missing
     * @param lastEventId the header of that name; wins over {@code since}; may be {@code null}
     * @throws ApiException when something is wrong
     */
    public static StreamRequest parse(Function<String, String> parameter, String lastEventId) {
        boolean snapshot = Parameters.choice(parameter, "snapshot", "false", Set.of("true", "false"))
                .equals("true");
        String cursor = lastEventId == null || lastEventId.isEmpty() ? parameter.apply("since") : lastEventId;
        Cursor since = cursor == null || cursor.isEmpty() ? null : cursor(cursor);
        return new StreamRequest(
                topics(parameter.apply("topics")),
                since,
                Parameters.number(parameter, "throttle", 0, 0, MAX_THROTTLE_MS),
                snapshot && since == null);
    }

    private static Cursor cursor(String text) {
        try {
            return Cursor.parse(text);
        } catch (IllegalArgumentException e) {
            throw ApiError.of(DenialCode.REQUEST_MALFORMED, e.getMessage(), "since")
                    .exception();
        }
    }

    private static Set<Topic> topics(String text) {
        if (text == null || text.isEmpty()) {
            return DEFAULT_TOPICS;
        }
        Set<Topic> topics = EnumSet.noneOf(Topic.class);
        for (String name : text.split(",", -1)) {
            Topic topic = Topic.parse(name.trim());
            if (topic == null) {
                throw RequestBody.invalid("topics", "may name " + names() + "; not '" + shortened(name) + "'");
            }
            topics.add(topic);
        }
        return topics;
    }

    private static String names() {
        StringBuilder names = new StringBuilder();
        EnumSet.allOf(Topic.class)
                .forEach(topic -> names.append(names.isEmpty() ? "" : ", ").append(topic.text()));
        return names.toString();
    }

    private static String shortened(String name) {
        return name.length() <= 40 ? name : name.substring(0, 40) + "…";
    }
}
