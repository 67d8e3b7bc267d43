package io.tradewind.gateway.endpoint;

import io.tradewind.gateway.domain.Scope;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.util.function.Function;

/**
 * What a path does when it is called with a method.
 *
 * @param scope what the caller must have; {@code null} when anybody may call
 * @param handler gives {@code null} in place of an answer when it has taken over the response; itself {@code null} when
 *     the requests do not come by here
 */
record Action(HttpMethod method, Scope scope, Function<Call, Future<Answer>> handler) {

    /** For HEAD, too, which is GET without the body; the server leaves that out by itself. */
    static Action get(Scope scope, Function<Call, Future<Answer>> handler) {
        return new Action(HttpMethod.GET, scope, handler);
    }

    static Action post(Scope scope, Function<Call, Future<Answer>> handler) {
        return new Action(HttpMethod.POST, scope, handler);
    }

    static Action put(Scope scope, Function<Call, Future<Answer>> handler) {
        return new Action(HttpMethod.PUT, scope, handler);
    }

    static Action patch(Scope scope, Function<Call, Future<Answer>> handler) {
        return new Action(HttpMethod.PATCH, scope, handler);
    }

    static Action delete(Scope scope, Function<Call, Future<Answer>> handler) {
        return new Action(HttpMethod.DELETE, scope, handler);
    }

    /** The path takes this method, too, but its requests have another way. */
    static Action elsewhere(HttpMethod method) {
        return new Action(method, null, null);
    }
}
