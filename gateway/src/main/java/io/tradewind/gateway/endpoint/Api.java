package io.tradewind.gateway.endpoint;

import static io.tradewind.gateway.endpoint.Action.delete;
import static io.tradewind.gateway.endpoint.Action.elsewhere;
import static io.tradewind.gateway.endpoint.Action.get;
import static io.tradewind.gateway.endpoint.Action.patch;
import static io.tradewind.gateway.endpoint.Action.post;
import static io.tradewind.gateway.endpoint.Action.put;

import io.tradewind.contracts.state.StateClient;
import io.tradewind.gateway.GatewayConfig;
import io.tradewind.gateway.domain.Scope;
import io.tradewind.gateway.postgres.HistoryPool;
import io.tradewind.gateway.stream.StreamHub;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;

/** Every path of the API; {@code POST} of orders has a faster way. */
final class Api {

    static final String HEALTH = "/health";

    private Api() {}

    static void addTo(
            Dispatcher dispatcher,
            Shared shared,
            Vertx vertx,
            Authenticator authenticator,
            StateClient state,
            StreamHub hub,
            HistoryPool past,
            OrderReplaces replaces) {
        GatewayConfig config = shared.config();
        Services services = new Services(vertx.eventBus(), state, config);
        OrdersEndpoint orders =
                new OrdersEndpoint(services, past == null ? null : past.orders(), config.maxOrdersScanned());
        HistoryEndpoint history = new HistoryEndpoint(
                past == null ? null : past.records(), shared.kit().clock());
        EntitiesEndpoint entities = new EntitiesEndpoint(services, shared.kit().clock());
        PortfolioEndpoint portfolio = new PortfolioEndpoint(services);
        HoursEndpoint hours = new HoursEndpoint(services, shared.kit().clock());
        ClosingEndpoint closing = new ClosingEndpoint(services);
        SystemEndpoint system = new SystemEndpoint(services, shared.kit().health());
        RiskEndpoint risk = new RiskEndpoint(services);
        AssetsEndpoint assets = new AssetsEndpoint(services);
        OperatorEndpoint operator = new OperatorEndpoint(vertx, services, config.streamHeartbeat());
        SessionEndpoint session =
                new SessionEndpoint(authenticator, shared.kit().clock(), config.sessionLifetime());
        EventsEndpoint events = new EventsEndpoint(authenticator, hub, session);
        DashboardEndpoint dashboard = new DashboardEndpoint(shared.files(), authenticator, session);

        dispatcher
                .path(
                        "/v2/orders",
                        elsewhere(HttpMethod.POST),
                        get(Scope.READ, orders::list),
                        delete(Scope.TRADE, orders::cancelAll))
                .path("/v2/orders/batch", elsewhere(HttpMethod.POST))
                .path(
                        "/v2/orders/{}",
                        get(Scope.READ, orders::one),
                        patch(Scope.TRADE, replaces::replace),
                        delete(Scope.TRADE, orders::cancel))
                .path("/v2/orders:by_client_order_id", get(Scope.READ, orders::byClientOrderId))
                .path("/v2/positions", get(Scope.READ, portfolio::positions), delete(Scope.TRADE, closing::all))
                .path("/v2/positions/{}", get(Scope.READ, portfolio::position), delete(Scope.TRADE, closing::one))
                .path("/v2/account", get(Scope.READ, portfolio::account))
                .path("/v2/account/activities", get(Scope.READ, history::activities))
                .path("/v2/account/activities/{}", get(Scope.READ, history::activities))
                .path("/v2/account/portfolio/history", get(Scope.READ, history::portfolio))
                .path("/v2/bars", get(Scope.READ, history::bars))
                .path("/v2/state/{}", get(Scope.READ, entities::list))
                .path("/v2/state/{}/{}", get(Scope.READ, entities::one))
                .path("/v2/state/{}/{}/history", get(Scope.READ, entities::history))
                .path("/v2/state/{}/{}/audit", get(Scope.READ, history::audit))
                .path("/v2/clock", get(Scope.READ, hours::clock))
                .path("/v2/calendar", get(Scope.READ, hours::calendar))
                .path(
                        "/v2/system/trading-state",
                        get(Scope.READ, system::tradingState),
                        post(Scope.TRADE, system::setTradingState))
                .path(
                        "/v2/system/limits",
                        get(Scope.ADMIN, risk::limitsOfAll),
                        put(Scope.ADMIN, call -> risk.changeLimitsOfAll(call, true)),
                        patch(Scope.ADMIN, call -> risk.changeLimitsOfAll(call, false)))
                .path(
                        "/v2/system/limits/{}",
                        get(Scope.READ, risk::limits),
                        put(Scope.ADMIN, call -> risk.changeLimits(call, true)),
                        patch(Scope.ADMIN, call -> risk.changeLimits(call, false)))
                .path("/v2/assets", get(Scope.READ, assets::list))
                .path(
                        "/v2/assets/{}",
                        get(Scope.READ, assets::one),
                        put(Scope.ADMIN, call -> assets.change(call, true)),
                        patch(Scope.ADMIN, call -> assets.change(call, false)))
                .path(
                        "/v2/system/reconciliation",
                        get(Scope.ADMIN, system::reconciliations),
                        post(Scope.ADMIN, system::reconcile))
                .path("/v2/system/status", get(Scope.READ, system::status))
                .path("/v2/system/state/{}", post(Scope.ADMIN, operator::state))
                .path("/v2/system/sync/{}", post(Scope.ADMIN, operator::sync))
                .path("/v2/strategies", get(Scope.READ, system::strategies))
                .path("/v2/strategies/{}/start", post(Scope.TRADE, system::startStrategy))
                .path("/v2/strategies/{}/stop", post(Scope.TRADE, system::stopStrategy))
                .path(
                        "/v2/session",
                        get(Scope.READ, session::show),
                        post(null, session::open),
                        delete(null, session::close))
                .path("/v2/tickets", post(Scope.READ, session::ticket))
                // A ticket may stand in for a key, so it authorises for itself.
                .path("/v2/events", get(null, events::open))
                .path(HEALTH, get(null, system::health))
                .path("/openapi.json", get(null, new OpenApi()::document));
        dashboard.addTo(dispatcher);
    }
}
