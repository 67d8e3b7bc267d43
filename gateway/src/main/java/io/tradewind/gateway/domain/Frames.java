package io.tradewind.gateway.domain;

import io.tradewind.contracts.Json;
import io.tradewind.contracts.JsonObjects;
import io.tradewind.contracts.state.Entity;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;

/**
 * Writes the frames of the event stream. Pure.
 *
 * <pre>
 *   id: 3:1042.0~7:88.2                                    the cursor behind this event
 *   event: orders                                          the topic
 *   data: {"version":1042,"at":1795...,"key":"...","type":"put","data":{...}}
 *   (empty line)
 * </pre>
 *
 * {@code type} is {@code put}, {@code delete} (data is null) or {@code snapshot}. {@code data} stays one line: the stored
 * document goes in as it is.
 */
public final class Frames {

    private static final int ROOM_FOR_REST = 192;

    private Frames() {}

    /** The first thing that a client gets: how soon it comes back when the connection breaks, in ms. */
    public static byte[] retry(long ms) {
        return bytes("retry: " + ms + "\n\n");
    }

    /** The line that says where the stream stands; goes before an event. */
    public static byte[] id(Cursor cursor) {
        return bytes("id: " + cursor.text() + "\n");
    }

    /** Keeps the connection alive. */
    public static byte[] heartbeat() {
        return bytes(": heartbeat\n\n");
    }

    /** Keeps the connection alive and moves the client's cursor, so that a quiet stream does not fall out of the log. */
    public static byte[] heartbeat(Cursor cursor) {
        return bytes(": heartbeat\nid: " + cursor.text() + "\n\n");
    }

    /** An event without its id. */
    static byte[] change(Topic topic, long version, long atMs, String key, Json json) {
        return event(topic, version, atMs, key, json == null ? "delete" : "put", json);
    }

    /** An entity as it is, without an id: a client that is cut within a snapshot starts over. */
    public static byte[] snapshot(Topic topic, Entity entity) {
        return event(topic, entity.version(), entity.timeMs(), Topic.keyOf(entity.key()), "snapshot", entity.json());
    }

    /**
     * The snapshot is complete, without an id.
     *
     * @param truncated topics of which only the newest entities were sent, and of orders the open ones
     * @param stale whether there may be newer state, or an older open order, that could not be confirmed
     */
    public static byte[] ready(Collection<Topic> truncated, boolean stale) {
        StringBuilder topics = new StringBuilder();
        truncated.forEach(topic -> topics.append(topics.isEmpty() ? "\"" : ",\"")
                .append(topic.text())
                .append('"'));
        return bytes("event: ready\ndata: {\"truncated\":[" + topics + "],\"stale\":" + stale + "}\n\n");
    }

    /** Changes were missed and cannot be sent any more: what the client has may be wrong. Without an id. */
    public static byte[] reset() {
        return bytes("event: reset\ndata: {\"message\":\"changes were missed; read the current state afresh\"}\n\n");
    }

    private static byte[] event(Topic topic, long version, long atMs, String key, String type, Json json) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(ROOM_FOR_REST + (json == null ? 0 : json.size()));
        out.writeBytes(bytes("event: " + topic.text() + "\ndata: {\"version\":" + version + ",\"at\":" + atMs
                + ",\"key\":" + quoted(key) + ",\"type\":\"" + type + "\",\"data\":"));
        if (json == null) {
            out.writeBytes(bytes("null"));
        } else {
            writeOneLine(out, json.bytes());
        }
        out.writeBytes(bytes("}\n\n"));
        return out.toByteArray();
    }

    /** A line break in JSON can only be white space between its parts; it would end the data line. */
    private static void writeOneLine(ByteArrayOutputStream out, byte[] json) {
        int from = 0;
        for (int i = 0; i < json.length; i++) {
            if (json[i] == '\n' || json[i] == '\r') {
                out.write(json, from, i - from);
                out.write(' ');
                from = i + 1;
            }
        }
        out.write(json, from, json.length - from);
    }

    private static String quoted(String key) {
        for (int i = 0; i < key.length(); i++) {
            char c = key.charAt(i);
            if (c < ' ' || c == '"' || c == '\\') {
                String object =
                        JsonObjects.write(fields -> fields.text("k", key)).toString();
                return object.substring("{\"k\":".length(), object.length() - 1);
            }
        }
        return '"' + key + '"';
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
