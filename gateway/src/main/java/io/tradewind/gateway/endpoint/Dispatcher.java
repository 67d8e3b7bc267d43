package io.tradewind.gateway.endpoint;

import io.tradewind.contracts.orders.DenialCode;
import io.tradewind.gateway.GatewayMeters;
import io.tradewind.gateway.domain.ApiCode;
import io.tradewind.gateway.domain.ApiError;
import io.tradewind.gateway.domain.ApiException;
import io.tradewind.gateway.domain.ApiKey;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a request to its action and its answer back. The one place where failures become answers, so that a caller always
 * gets one and never sees a stack trace. One per HTTP instance, on its event loop; filled before the first request.
 */
final class Dispatcher {

    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
    private static final String PARAMETER = "parameter";
    private static final String SECOND = "second";
    private static final String BODY = "body";
    private static final String REQUEST_ID = "request-id";

    private final Authenticator authenticator;
    private final RequestIds requestIds;
    private final GatewayMeters meters;
    private final int maxBody;
    private final Router router;

    Dispatcher(Vertx vertx, Authenticator authenticator, RequestIds requestIds, GatewayMeters meters, int maxBody) {
        this.authenticator = authenticator;
        this.requestIds = requestIds;
        this.meters = meters;
        this.maxBody = maxBody;
        this.router = Router.router(vertx);
        ApiError malformed = ApiError.of(
                DenialCode.REQUEST_MALFORMED, "it lacks a host, or its path or query cannot be decoded", null);
        ApiError unknown = ApiError.of(ApiCode.PATH_UNKNOWN, "there is nothing at this path; see /openapi.json");
        router.errorHandler(
                malformed.status(), context -> Answer.error(malformed).send(context.response()));
        router.errorHandler(unknown.status(), context -> Answer.error(unknown).send(context.response()));
        // What is thrown comes by here, whatever it is.
        router.errorHandler(
                ApiError.internal().status(), context -> answerTo(context).send(context.response()));
        router.route().handler(this::begin);
    }

    /**
     * @param path is fixed, or has one or two variable parts, written {@code {}}, which are any text without a slash
     * @param actions one for each method that the path takes; other methods are refused
     */
    Dispatcher path(String path, Action... actions) {
        for (Action action : actions) {
            if (action.handler() != null) {
                Route route = exactly(path).method(action.method()).handler(context -> call(context, action));
                if (HttpMethod.GET.equals(action.method())) {
                    route.method(HttpMethod.HEAD);
                }
            }
        }
        String allow =
                Arrays.stream(actions).map(action -> action.method().name()).collect(Collectors.joining(", "));
        exactly(path).handler(context -> Answer.methodNotAllowed(allow).send(context.response()));
        return this;
    }

    /**
     * A path as it is sent, and no other. The router's own way to write paths takes them with a slash behind them as
     * well, with dots and with double slashes: {@code DELETE /v2/orders/}, its id forgotten, would cancel all orders.
     */
    private Route exactly(String path) {
        String regex = "\\Q" + path + "\\E";
        for (String name : List.of(PARAMETER, SECOND)) {
            int at = regex.indexOf("{}");
            regex = at < 0 ? regex : regex.substring(0, at) + "\\E(?<" + name + ">[^/]+)\\Q" + regex.substring(at + 2);
        }
        return router.routeWithRegex(regex).useNormalizedPath(false);
    }

    void handle(HttpServerRequest request) {
        router.handle(request);
    }

    private void begin(RoutingContext context) {
        String requestId = requestIds.next();
        context.put(REQUEST_ID, requestId).response().putHeader(RequestIds.HEADER, requestId);
        BodyReader.read(
                context.request(),
                maxBody,
                body -> context.put(BODY, body).next(),
                tooLarge -> context.fail(tooLarge.exception()));
    }

    private void call(RoutingContext context, Action action) {
        HttpServerRequest request = context.request();
        ApiKey key = action.scope() == null ? null : authenticator.authorize(request, action.scope());
        action.handler()
                .apply(new Call(
                        request,
                        key,
                        context.pathParam(PARAMETER),
                        context.pathParam(SECOND),
                        context.get(BODY),
                        context.get(REQUEST_ID)))
                .onSuccess(answer -> {
                    if (answer != null) {
                        answer.send(context.response());
                    }
                })
                .onFailure(context::fail);
    }

    private Answer answerTo(RoutingContext context) {
        if (context.failure() instanceof ApiException expected) {
            return Answer.error(expected.error());
        }
        meters.failure();
        HttpServerRequest request = context.request();
        LOG.error(
                "request {}: {} {} failed",
                context.<String>get(REQUEST_ID),
                request.method(),
                request.path(),
                context.failure());
        return Answer.error(ApiError.internal());
    }
}
