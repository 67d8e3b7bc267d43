package io.tradewind.allinone.cli;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/**
 * Reads server-sent events from a response, as the HTML standard's event-stream format has them. Comments (heartbeats)
 * are skipped. Blocking; one thread; closes the response.
 */
final class EventReader implements Closeable {

    private final BufferedReader lines;
    private String lastId;

    /**
     * One event.
     *
     * @param id the cursor to resume from; {@code null} when none came so far
     * @param name its topic
     */
    record Event(String id, String name, String data) {}

    EventReader(InputStream response) {
        this.lines = new BufferedReader(new InputStreamReader(response, StandardCharsets.UTF_8));
    }

    /** The next event, or {@code null} at the end of the response; an event cut off by the end does not count. */
    Event next() throws IOException {
        String name = "message";
        StringBuilder data = new StringBuilder();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.isEmpty()) {
                if (!data.isEmpty()) {
                    data.setLength(data.length() - 1);
                    return new Event(lastId, name, data.toString());
                }
                name = "message";
                continue;
            }
            int colon = line.indexOf(':');
            String field = colon < 0 ? line : line.substring(0, colon);
            String value = colon < 0 ? "" : line.substring(colon + 1);
            value = value.startsWith(" ") ? value.substring(1) : value;
            switch (field) {
                case "id" -> lastId = value;
                case "event" -> name = value;
                case "data" -> data.append(value).append('\n');
                default -> {
                    // Comments have an empty field name; retry is for browsers.
                }
            }
        }
        return null;
    }

    /** The cursor behind all that was read: heartbeats move it, too. {@code null} when none came so far. */
    String lastId() {
        return lastId;
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
