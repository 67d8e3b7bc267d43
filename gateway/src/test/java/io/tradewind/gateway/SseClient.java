package io.tradewind.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** An event stream as a client reads it, on a thread of its own. */
final class SseClient implements AutoCloseable {

    private static final long WAIT_S = 60;

    private final InputStream body;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final HttpResponse<InputStream> response;
    private volatile boolean ended;

    /** @param name {@code comment} for a comment */
    record Event(String id, String name, String data) {

        JsonObject json() {
            return new JsonObject(data);
        }

        String key() {
            return json().getString("key");
        }
    }

    SseClient(String url, Map<String, String> headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
        headers.forEach(request::header);
        HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        response = http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        assertEquals(200, response.statusCode(), url);
        body = response.body();
        Thread reader = new Thread(this::read, "sse-client");
        reader.setDaemon(true);
        reader.start();
    }

    HttpResponse<InputStream> response() {
        return response;
    }

    boolean ended() {
        return ended;
    }

    /** The next event; heartbeats and the like are passed over. */
    Event next() throws InterruptedException {
        while (true) {
            Event event = nextOfAny();
            if (!event.name().equals("comment")) {
                return event;
            }
        }
    }

    Event nextOfAny() throws InterruptedException {
        Event event = events.poll(WAIT_S, TimeUnit.SECONDS);
        return event == null ? fail("no event within " + WAIT_S + " s") : event;
    }

    List<Event> next(int count) throws InterruptedException {
        List<Event> list = new ArrayList<>();
        while (list.size() < count) {
            list.add(next());
        }
        return list;
    }

    /** Events that have arrived and were not asked for. */
    long pending() {
        return events.stream().filter(event -> !event.name().equals("comment")).count();
    }

    private void read() {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
            String id = null;
            String name = null;
            String data = null;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("id: ")) {
                    id = line.substring(4);
                } else if (line.startsWith("event: ")) {
                    name = line.substring(7);
                } else if (line.startsWith("data: ")) {
                    data = line.substring(6);
                } else if (line.startsWith(":")) {
                    name = "comment";
                } else if (line.isEmpty() && name != null) {
                    events.add(new Event(id, name, data));
                    id = null;
                    name = null;
                    data = null;
                }
            }
        } catch (IOException e) {
            // The other side, or we, closed it.
        } finally {
            ended = true;
        }
    }

    @Override
    public void close() throws IOException {
        body.close();
    }
}
