package io.tradewind.systemtests.harness;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * One server-sent event stream, read by a thread of its own until it is closed; keeps every event. The caller closes it.
 */
public final class EventStream implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final InputStream body;
    private final Thread reader;
    private final List<Event> events = new ArrayList<>();
    private volatile boolean ended;

    /**
     * One event.
     *
     * @param id the cursor behind it, {@code null} when it has none
     * @param topic the event field
     * @param data what came, as JSON: {@code version, at, key, type, data} for changes
     */
    public record Event(String id, String topic, JsonNode data) {

        /** The entity that changed. */
        public JsonNode entity() {
            return data.path("data");
        }

        public long version() {
            return data.path("version").asLong();
        }
    }

    private EventStream(InputStream body) {
        this.body = body;
        this.reader = new Thread(this::read, "event-stream");
        reader.setDaemon(true);
    }

    static EventStream open(HttpClient http, HttpRequest request) throws IOException {
        try {
            HttpResponse<InputStream> response = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
            if (response.statusCode() != 200) {
                try (InputStream refused = response.body()) {
                    throw new AssertionError("status " + response.statusCode() + ": "
                            + new String(refused.readAllBytes(), StandardCharsets.UTF_8));
                }
            }
            EventStream stream = new EventStream(response.body());
            stream.reader.start();
            return stream;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private void read() {
        String id = null;
        String topic = "message";
        StringBuilder data = new StringBuilder();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.isEmpty()) {
                    if (!data.isEmpty()) {
                        add(new Event(id, topic, JSON.readTree(data.toString())));
                    }
                    id = null;
                    topic = "message";
                    data.setLength(0);
                } else if (line.startsWith("id: ")) {
                    id = line.substring(4);
                } else if (line.startsWith("event: ")) {
                    topic = line.substring(7);
                } else if (line.startsWith("data: ")) {
                    data.append(line, 6, line.length());
                }
            }
        } catch (IOException e) {
            // Closed by us, or the server is gone; whoever waits for events sees that the stream has ended.
            ended = true;
        }
        ended = true;
    }

    private void add(Event event) {
        synchronized (events) {
            events.add(event);
        }
    }

    /** All that have come so far, in order. */
    public List<Event> events() {
        synchronized (events) {
            return List.copyOf(events);
        }
    }

    public List<Event> events(Predicate<Event> filter) {
        return events().stream().filter(filter).toList();
    }

    public boolean hasEnded() {
        return ended;
    }

    /** The first event that fits, now or later. */
    public Event await(String what, Duration limit, Predicate<Event> filter) {
        List<Event> found = Waiting.valueOf(what, limit, () -> events(filter), fitting -> !fitting.isEmpty());
        return found.get(0);
    }

    @Override
    public void close() throws IOException {
        body.close();
    }
}
