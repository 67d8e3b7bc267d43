package io.tradewind.gateway.endpoint;

import io.tradewind.gateway.domain.ApiKey;
import io.tradewind.gateway.domain.Scope;
import io.tradewind.gateway.domain.StreamRequest;
import io.tradewind.gateway.domain.SubscriptionFilter;
import io.tradewind.gateway.stream.StreamHub;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;

/** {@code GET /v2/events}: lets a client into the stream hub. Stateless, on the event loop of its instance. */
final class EventsEndpoint {

    private final Authenticator authenticator;
    private final StreamHub hub;
    private final SessionEndpoint sessions;

    EventsEndpoint(Authenticator authenticator, StreamHub hub, SessionEndpoint sessions) {
        this.authenticator = authenticator;
        this.hub = hub;
        this.sessions = sessions;
    }

    Future<Answer> open(Call call) {
        if (!HttpMethod.GET.equals(call.request().method())) {
            // HEAD would hold a stream open without anything in it.
            return Future.succeededFuture(Answer.methodNotAllowed(HttpMethod.GET.name()));
        }
        String ticket = call.parameter("ticket");
        // What is asked for is looked at first: a ticket should not be spent on a request that cannot be served.
        StreamRequest wanted =
                StreamRequest.parse(call::parameter, call.request().getHeader("last-event-id"));
        ApiKey key = authenticator.authorizeWithTicket(call.request(), Scope.READ, ticket);
        HttpServerResponse response = call.request().response();
        SubscriptionFilter filter = new SubscriptionFilter(key.account(), wanted.topics());
        if (ticket != null && authenticator.bySession(call.request()) == null) {
            // The browser comes back to the same address when the connection breaks, and the ticket is used by then.
            response.putHeader("set-cookie", sessions.cookie(key));
        }
        return hub.open(call.request(), filter, wanted, () -> writeHead(response))
                .mapEmpty();
    }

    private static void writeHead(HttpServerResponse response) {
        Answer.secure(response);
        response.setChunked(true)
                .putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream; charset=utf-8")
                .putHeader("x-accel-buffering", "no");
    }
}
