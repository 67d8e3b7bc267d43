package io.tradewind.allinone.cli;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Talks to a gateway and sorts what can go wrong into the exit codes: nothing there, denied, or outcome unknown. A
 * change whose answer got lost is unknown, never failed. Blocking; the command's thread.
 */
final class ApiClient {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(15);
    private static final int OK = 200;
    private static final int MAX_MESSAGE_CHARS = 500;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ServerOptions.Server server;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT)
            .build();

    ApiClient(ServerOptions.Server server) {
        this.server = server;
    }

    /**
     * What the server said.
     *
     * @param body as it came, for {@code --json}
     * @param json the same, understood; {@link MissingNode} when it is empty or no JSON
     */
    record Reply(int status, String body, JsonNode json) {

        boolean ok() {
            return status >= 200 && status < 300;
        }
    }

    URI url() {
        return server.url();
    }

    Reply get(String path) {
        return send(request(path).GET(), false);
    }

    /** Changes something; {@code body} is {@code null} for none. */
    Reply change(String method, String path, JsonNode body) {
        HttpRequest.Builder request = request(path);
        if (body == null) {
            return send(request.method(method, HttpRequest.BodyPublishers.noBody()), true);
        }
        request.header("Content-Type", "application/json");
        return send(request.method(method, HttpRequest.BodyPublishers.ofString(body.toString())), true);
    }

    /** Opens an endless answer; the caller closes it. */
    HttpResponse<InputStream> open(String path, String lastEventId) throws IOException, InterruptedException {
        HttpRequest.Builder request = request(path).header("Accept", "text/event-stream");
        if (lastEventId != null) {
            request.header("Last-Event-ID", lastEventId);
        }
        return http.send(request.build(), BodyHandlers.ofInputStream());
    }

    /**
     * Has something done that is told line by line; each line is handed over as soon as it is there.
     *
     * @return what the server refused it with, or {@code null} when the answer was read to its end
     */
    Reply lines(String path, boolean change, Consumer<String> line) {
        CompletableFuture<HttpResponse<InputStream>> answer = http.sendAsync(
                request(path).POST(HttpRequest.BodyPublishers.noBody()).build(), BodyHandlers.ofInputStream());
        try {
            HttpResponse<InputStream> response = answer.get(ANSWER_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
            try (Lines lines = new Lines(response.body())) {
                if (response.statusCode() == OK) {
                    lines.forEach(line);
                    return null;
                }
                StringBuilder body = new StringBuilder();
                lines.forEach(body::append);
                return new Reply(response.statusCode(), body.toString(), parse(body.toString()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure(change ? ExitCode.UNKNOWN : ExitCode.FAILED, "interrupted", e);
        } catch (IOException e) {
            throw failure(e, change);
        } catch (ExecutionException e) {
            throw failure(e.getCause() instanceof IOException io ? io : new IOException(e.getCause()), change);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw failure(new HttpTimeoutException(server.url() + " is silent"), change);
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(server.url() + path))
                .header("APCA-API-KEY-ID", server.credentials().keyId())
                .header("APCA-API-SECRET-KEY", server.credentials().secretKey())
                .header("Accept", "application/json");
    }

    private Reply send(HttpRequest.Builder builder, boolean change) {
        HttpRequest request = builder.timeout(ANSWER_TIMEOUT).build();
        try {
            HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
            return new Reply(response.statusCode(), response.body(), parse(response.body()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure(change ? ExitCode.UNKNOWN : ExitCode.FAILED, "interrupted", e);
        } catch (IOException e) {
            throw failure(e, change);
        }
    }

    /** The command failure that {@code failure} of a request means. */
    CommandFailure failure(IOException failure, boolean change) {
        if (neverSent(failure)) {
            return new CommandFailure(
                    ExitCode.UNREACHABLE,
                    "nothing answers at " + server.url() + "; is Tradewind running? (./tradewind up)",
                    failure);
        }
        if (change) {
            return new CommandFailure(
                    ExitCode.UNKNOWN,
                    "the request was sent to " + server.url() + " but no answer came, so its outcome is unknown",
                    failure);
        }
        return new CommandFailure(
                ExitCode.UNREACHABLE,
                server.url() + " did not answer as a Tradewind gateway does within " + ANSWER_TIMEOUT.toSeconds()
                        + " s",
                failure);
    }

    private static boolean neverSent(IOException failure) {
        return failure instanceof ConnectException
                || failure instanceof HttpConnectTimeoutException
                || failure.getCause() instanceof UnresolvedAddressException;
    }

    /**
     * The exit code of a refused request. A 503 says that nothing was done; any other server error says nothing about
     * what was.
     */
    static int exitCode(Reply reply, boolean change) {
        if (reply.ok()) {
            return ExitCode.OK;
        }
        return change && reply.status() >= 500 && reply.status() != 503 ? ExitCode.UNKNOWN : ExitCode.FAILED;
    }

    /** One line for people about a refused request. */
    static String message(Reply reply) {
        String message = reply.json().path("message").asText("");
        if (message.isEmpty()) {
            String body = reply.body().strip().replaceAll("\\s+", " ");
            String shown = body.length() > MAX_MESSAGE_CHARS ? body.substring(0, MAX_MESSAGE_CHARS) + "..." : body;
            return "the server answered " + reply.status() + (shown.isEmpty() ? "" : ": " + shown);
        }
        String code = reply.json().path("code").asText("");
        return message + " (" + (code.isEmpty() ? "status " + reply.status() : "code " + code) + ")";
    }

    static JsonNode parse(String body) {
        if (body.isBlank()) {
            return MissingNode.getInstance();
        }
        try {
            return JSON.readTree(body);
        } catch (JacksonException e) {
            return MissingNode.getInstance();
        }
    }
}
