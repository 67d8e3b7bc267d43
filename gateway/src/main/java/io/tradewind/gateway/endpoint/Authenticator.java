package io.tradewind.gateway.endpoint;

import io.tradewind.gateway.domain.ApiCode;
import io.tradewind.gateway.domain.ApiError;
import io.tradewind.gateway.domain.ApiException;
import io.tradewind.gateway.domain.ApiKey;
import io.tradewind.gateway.domain.KeyRing;
import io.tradewind.gateway.domain.Scope;
import io.tradewind.gateway.domain.Sessions;
import io.tradewind.gateway.domain.Tickets;
import io.tradewind.gateway.domain.UsedTickets;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;

/**
 * Finds out who sends a request: by {@code APCA-API-KEY-ID} and {@code APCA-API-SECRET-KEY}, by
 * {@code Authorization: Bearer key_id:secret} or {@code Basic}, or by the session cookie of a browser. Somebody who
 * shows a key is judged by it alone. Stateless but for the used tickets; any thread.
 *
 * <p>A browser sends its cookie with requests that another site made it send, too. So with a cookie, what changes
 * something needs a sign that the request comes from our own page: a header that other sites cannot set, or an Origin
 * that is us.
 */
final class Authenticator {

    static final String COOKIE = "tradewind_session";

    private static final String KEY_ID = "apca-api-key-id";
    private static final String SECRET = "apca-api-secret-key";
    private static final String BEARER = "bearer ";
    private static final String BASIC = "basic ";

    private final KeyRing keys;
    private final UsedTickets usedTickets;
    private final InstantSource clock;

    Authenticator(KeyRing keys, UsedTickets usedTickets, InstantSource clock) {
        this.keys = keys;
        this.usedTickets = usedTickets;
        this.clock = clock;
    }

    /** @throws ApiException when nobody we know, or somebody who may not, sends it */
    ApiKey authorize(HttpServerRequest request, Scope scope) {
        return permitted(identify(request), scope);
    }

    private ApiKey identify(HttpServerRequest request) {
        String keyId = request.getHeader(KEY_ID);
        String authorization = keyId == null ? request.getHeader(HttpHeaders.AUTHORIZATION) : null;
        if (keyId != null) {
            String secret = request.getHeader(SECRET);
            return secret == null ? null : keys.authenticate(keyId, secret);
        }
        if (authorization != null) {
            return byAuthorization(authorization);
        }
        ApiKey key = bySession(request);
        if (key != null && !isRead(request) && isForeign(request)) {
            throw ApiError.of(
                            ApiCode.REQUEST_CROSS_SITE,
                            "with a session cookie, this needs the header X-Requested-With, or an Origin that is"
                                    + " this server")
                    .exception();
        }
        return key;
    }

    /** Whoever sends it must be known, and not be another site that uses a browser. */
    ApiKey authenticate(HttpServerRequest request) {
        return known(identify(request));
    }

    /** As {@link #authorize}, and without key or session a ticket lets in once. */
    ApiKey authorizeWithTicket(HttpServerRequest request, Scope scope, String ticket) {
        boolean hasOther = request.getHeader(KEY_ID) != null
                || request.getHeader(HttpHeaders.AUTHORIZATION) != null
                || bySession(request) != null;
        return hasOther || ticket == null ? authorize(request, scope) : permitted(redeem(ticket), scope);
    }

    /** @return the key behind the credentials, or {@code null} */
    ApiKey bySecret(String keyId, String secret) {
        return keys.authenticate(keyId, secret);
    }

    /** @return the key that the ticket is for, or {@code null} when it is no good or was used */
    ApiKey redeem(String text) {
        Instant now = clock.instant();
        Tickets.Ticket ticket = Tickets.verify(text, keys, now);
        return ticket != null && usedTickets.use(ticket, now) ? ticket.key() : null;
    }

    /** @return the key whose session the browser has, or {@code null} */
    ApiKey bySession(HttpServerRequest request) {
        Cookie cookie = request.getHeader(HttpHeaders.COOKIE) == null ? null : request.getCookie(COOKIE);
        return cookie == null ? null : Sessions.verify(cookie.getValue(), keys, clock.instant());
    }

    static ApiException unauthorized() {
        return ApiError.of(
                        ApiCode.REQUEST_UNAUTHORIZED,
                        "send a valid key as APCA-API-KEY-ID and APCA-API-SECRET-KEY, or sign in")
                .exception();
    }

    private static ApiKey known(ApiKey key) {
        if (key == null) {
            throw unauthorized();
        }
        return key;
    }

    private static ApiKey permitted(ApiKey key, Scope scope) {
        if (!known(key).may(scope)) {
            throw ApiError.of(
                            ApiCode.REQUEST_FORBIDDEN,
                            "key " + key.keyId() + " does not have the scope " + scope.text() + " that this needs")
                    .exception();
        }
        return key;
    }

    private ApiKey byAuthorization(String header) {
        String pair = null;
        if (header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            pair = header.substring(BEARER.length()).trim();
        } else if (header.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            pair = decoded(header.substring(BASIC.length()).trim());
        }
        int colon = pair == null ? -1 : pair.indexOf(':');
        return colon < 0 ? null : keys.authenticate(pair.substring(0, colon), pair.substring(colon + 1));
    }

    private static String decoded(String base64) {
        try {
            return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return null; // Not Base64, so it is no key either.
        }
    }

    private static boolean isRead(HttpServerRequest request) {
        return HttpMethod.GET.equals(request.method()) || HttpMethod.HEAD.equals(request.method());
    }

    private static boolean isForeign(HttpServerRequest request) {
        if (request.getHeader("x-requested-with") != null) {
            return false;
        }
        String origin = request.getHeader(HttpHeaders.ORIGIN);
        String host = request.getHeader(HttpHeaders.HOST);
        return origin == null || host == null || !(origin.equals("http://" + host) || origin.equals("https://" + host));
    }
}
