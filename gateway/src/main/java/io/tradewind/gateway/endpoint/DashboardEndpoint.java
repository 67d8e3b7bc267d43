package io.tradewind.gateway.endpoint;

import static io.tradewind.gateway.endpoint.Action.get;

import io.tradewind.gateway.domain.ApiCode;
import io.tradewind.gateway.domain.ApiError;
import io.tradewind.gateway.domain.ApiKey;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.util.LinkedHashMap;

/** Serves the dashboard's files, and lets a browser in that comes with a ticket. On the event loop of its instance. */
final class DashboardEndpoint {

    /** Nothing is loaded from elsewhere, and no other site may frame the page or take its forms. */
    private static final String POLICY =
            "default-src 'self'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";

    private static final int OK = 200;
    private static final int SEE_OTHER = 303;
    private static final int NOT_MODIFIED = 304;

    private final StaticFiles files;
    private final Authenticator authenticator;
    private final SessionEndpoint sessions;

    DashboardEndpoint(StaticFiles files, Authenticator authenticator, SessionEndpoint sessions) {
        this.files = files;
        this.authenticator = authenticator;
        this.sessions = sessions;
    }

    void addTo(Dispatcher dispatcher) {
        dispatcher.path("/", get(null, this::index));
        files.files().forEach((name, file) -> dispatcher.path("/" + name, get(null, call -> file(call, file))));
    }

    private Future<Answer> index(Call call) {
        String ticket = call.parameter("ticket");
        if (ticket != null) {
            return enter(ticket);
        }
        StaticFiles.File index = files.files().get(StaticFiles.INDEX);
        if (index == null) {
            throw ApiError.of(ApiCode.PATH_UNKNOWN, "this server has no dashboard; see /openapi.json for the API")
                    .exception();
        }
        return file(call, index);
    }

    /**
     * The redirect takes the ticket out of the address line. A ticket that is no good leads to the same page, which asks
     * who is there unless the browser is signed in already.
     */
    private Future<Answer> enter(String ticket) {
        ApiKey key = authenticator.redeem(ticket);
        Answer redirect = new Answer(SEE_OTHER, null, new LinkedHashMap<>())
                .with("location", "/")
                .with("referrer-policy", "no-referrer");
        return Future.succeededFuture(key == null ? redirect : redirect.with("set-cookie", sessions.cookie(key)));
    }

    private static Future<Answer> file(Call call, StaticFiles.File file) {
        boolean known = file.etag().equals(call.request().getHeader(HttpHeaders.IF_NONE_MATCH));
        Buffer content = known ? null : file.content();
        return Future.succeededFuture(new Answer(known ? NOT_MODIFIED : OK, content, new LinkedHashMap<>())
                .with("content-type", file.contentType())
                .with("etag", file.etag())
                // Asked for again each time, answered with 304 mostly: a new release shows at once.
                .with("cache-control", "no-cache")
                .with("content-security-policy", POLICY)
                .with("referrer-policy", "no-referrer"));
    }
}
