package io.tradewind.gateway.endpoint;

import io.tradewind.contracts.Json;
import io.tradewind.contracts.JsonObjects;
import io.tradewind.gateway.domain.ApiKey;
import io.tradewind.gateway.domain.RequestBody;
import io.tradewind.gateway.domain.Scope;
import io.tradewind.gateway.domain.Sessions;
import io.tradewind.gateway.domain.Tickets;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;

/** Signs browsers in and out, and makes tickets. On the event loop of its instance. */
final class SessionEndpoint {

    private static final Set<String> FIELDS = new TreeSet<>(Set.of("key_id", "secret_key"));
    private static final String ATTRIBUTES = "; Path=/; HttpOnly; SameSite=Strict; Max-Age=";

    private final Authenticator authenticator;
    private final InstantSource clock;
    private final Duration lifetime;

    SessionEndpoint(Authenticator authenticator, InstantSource clock, Duration lifetime) {
        this.authenticator = authenticator;
        this.clock = clock;
        this.lifetime = lifetime;
    }

    Future<Answer> open(Call call) {
        RequestBody body = RequestBody.parse(call.body().getBytes(), FIELDS);
        ApiKey key = authenticator.bySecret(body.requiredText("key_id"), body.requiredText("secret_key"));
        if (key == null) {
            throw Authenticator.unauthorized();
        }
        return Future.succeededFuture(Answer.of(describe(key)).with("set-cookie", cookie(key)));
    }

    Future<Answer> show(Call call) {
        return Future.succeededFuture(Answer.of(describe(call.key())));
    }

    /** The token lives on until it is over, but the browser forgets it; a new secret ends it for good. */
    Future<Answer> close(Call call) {
        if (authenticator.bySession(call.request()) != null) {
            authenticator.authenticate(call.request());
        }
        return Future.succeededFuture(Answer.empty().with("set-cookie", Authenticator.COOKIE + "=" + ATTRIBUTES + "0"));
    }

    Future<Answer> ticket(Call call) {
        String ticket = Tickets.mint(
                call.key(),
                clock.instant(),
                Tickets.DEFAULT_LIFETIME,
                UUID.randomUUID().toString().replace("-", ""));
        return Future.succeededFuture(Answer.of(JsonObjects.write(
                out -> out.text("ticket", ticket).number("expires_in_s", Tickets.DEFAULT_LIFETIME.toSeconds()))));
    }

    /** The value of {@code Set-Cookie} that signs a browser in. */
    String cookie(ApiKey key) {
        return Authenticator.COOKIE + "=" + Sessions.mint(key, clock.instant(), lifetime) + ATTRIBUTES
                + lifetime.toSeconds();
    }

    private static Json describe(ApiKey key) {
        String scopes = key.scopes().stream().map(Scope::text).sorted().collect(Collectors.joining(" "));
        return JsonObjects.write(out ->
                out.text("key_id", key.keyId()).text("account", key.account()).text("scopes", scopes));
    }
}
