package io.tradewind.gateway.endpoint;

import io.tradewind.contracts.Addresses;
import io.tradewind.contracts.Json;
import io.tradewind.contracts.JsonObjects;
import io.tradewind.contracts.control.StatusQuery;
import io.tradewind.contracts.control.StrategyCommand;
import io.tradewind.contracts.orders.Reconcile;
import io.tradewind.contracts.orders.SetTradingState;
import io.tradewind.contracts.orders.TradingState;
import io.tradewind.contracts.orders.TradingStateReply;
import io.tradewind.contracts.state.Domains;
import io.tradewind.contracts.state.Entity;
import io.tradewind.contracts.state.ReadEntities;
import io.tradewind.gateway.domain.ApiCode;
import io.tradewind.gateway.domain.ApiError;
import io.tradewind.gateway.domain.RequestBody;
import io.tradewind.gateway.domain.Scope;
import io.tradewind.servicekit.Health;
import io.tradewind.servicekit.HealthReport;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Trading state, status, strategies and health. Stateless, on the event loop of its instance. */
final class SystemEndpoint {

    private static final Set<String> TRADING_STATE_FIELDS =
            new TreeSet<>(Set.of("state", "account", "cancel_all", "cancel_open", "flatten", "reason"));
    private static final Set<String> STRATEGY_FIELDS = new TreeSet<>(Set.of("parameters"));
    private static final String EXECUTOR = "the strategy-executor";
    private static final int MAX_REASON = 500;
    private static final int OK = 200;
    private static final int UNAVAILABLE = 503;

    private final Services services;
    private final Health health;

    SystemEndpoint(Services services, Health health) {
        this.services = services;
        this.health = health;
    }

    Future<Answer> tradingState(Call call) {
        SetTradingState ask = new SetTradingState(
                call.account(), null, false, false, null, call.key().keyId(), call.requestId());
        return services.<TradingStateReply>query(Addresses.ORDERS_TRADING_STATE, ask, "the order-queue")
                .map(SystemEndpoint::answer);
    }

    Future<Answer> setTradingState(Call call) {
        RequestBody body = RequestBody.parse(call.body().getBytes(), TRADING_STATE_FIELDS);
        TradingState state = TradingState.parse(body.requiredText("state"));
        if (state == null) {
            throw RequestBody.invalid("state", "must be active, reducing or halted");
        }
        String reason = body.text("reason");
        if (reason != null && reason.length() > MAX_REASON) {
            throw RequestBody.invalid("reason", "must have at most " + MAX_REASON + " characters");
        }
        boolean flatten = body.flag("flatten");
        if (flatten && state == TradingState.ACTIVE) {
            throw RequestBody.invalid("flatten", "goes with reducing or halted: what is closed could be opened again");
        }
        // The older name of cancel_all is still taken.
        boolean cancelAll = body.flag("cancel_all") || body.flag("cancel_open");
        String account = body.text("account");
        if (!call.account().equals(account) && !call.key().may(Scope.ADMIN)) {
            throw ApiError.of(
                            ApiCode.REQUEST_FORBIDDEN,
                            "without the scope admin, only the key's own account can be named here")
                    .exception();
        }
        SetTradingState command = new SetTradingState(
                account, state, cancelAll, flatten, reason, call.key().keyId(), call.requestId());
        return services.<TradingStateReply>command(
                        Addresses.ORDERS_TRADING_STATE,
                        command,
                        "the order-queue",
                        "GET /v2/system/trading-state tells; setting it again does no harm.")
                .map(SystemEndpoint::answer);
    }

    private static Answer answer(TradingStateReply reply) {
        TradingState strictest = reply.global().compareTo(reply.account()) >= 0 ? reply.global() : reply.account();
        return Answer.of(JsonObjects.write(out -> out.text("state", strictest.text())
                .text("global", reply.global().text())
                .text("account", reply.account().text())
                .number("canceling", reply.canceling())
                .number("flattening", reply.flattening())));
    }

    /** Compares with the broker now; the answer is the run. */
    Future<Answer> reconcile(Call call) {
        boolean dryRun = RequestBody.flag(call::parameter, "dry_run");
        Reconcile command = new Reconcile(dryRun, call.key().keyId(), call.requestId());
        return services.operate(Addresses.ORDERS_RECONCILE, command, "the order-queue")
                .map(Answer::of);
    }

    /** The comparisons with the broker so far, newest first, after the very last one. */
    Future<Answer> reconciliations(Call call) {
        return services.read(ReadEntities.of(Domains.RECONCILIATION, Domains.GLOBAL_KEY, ReadEntities.MAX_LIMIT))
                .map(page -> {
                    List<Json> runs = new ArrayList<>();
                    Json last = null;
                    for (Entity entity : page.entities()) {
                        if (entity.key().id().equals(Domains.LAST_RUN)) {
                            last = entity.json();
                        } else {
                            runs.add(0, entity.json());
                        }
                    }
                    Buffer body = Buffer.buffer("{\"last\":")
                            .appendString(last == null ? "null" : last.toString())
                            .appendString(",\"runs\":")
                            .appendBuffer(Answer.array(runs).body())
                            .appendString("}");
                    return Answer.json(OK, body).version(page.version(), page.stale());
                });
    }

    Future<Answer> status(Call call) {
        return services.<Json>query(Addresses.MONITOR_STATUS, new StatusQuery(), "the monitor")
                .map(Answer::of);
    }

    Future<Answer> strategies(Call call) {
        StrategyCommand list = new StrategyCommand(StrategyCommand.Verb.LIST, null, call.account(), Map.of());
        return services.<Json>query(Addresses.STRATEGIES_COMMAND, list, EXECUTOR)
                .map(Answer::of);
    }

    Future<Answer> startStrategy(Call call) {
        return command(call, StrategyCommand.Verb.START);
    }

    Future<Answer> stopStrategy(Call call) {
        return command(call, StrategyCommand.Verb.STOP);
    }

    private Future<Answer> command(Call call, StrategyCommand.Verb verb) {
        Map<String, String> parameters = call.body().length() == 0
                ? Map.of()
                : RequestBody.parse(call.body().getBytes(), STRATEGY_FIELDS).texts("parameters");
        StrategyCommand command = new StrategyCommand(verb, call.pathParameter(), call.account(), parameters);
        return services.<Json>command(Addresses.STRATEGIES_COMMAND, command, EXECUTOR, "GET /v2/strategies tells.")
                .map(Answer::of);
    }

    /** For probes and people without a key: states only, no details of what the checks found. */
    Future<Answer> health(Call call) {
        return health.snapshot().map(report -> {
            JsonObject json = report.toJson();
            json.remove("instance");
            for (HealthReport.ServiceHealth service : report.services()) {
                json.getJsonObject("services").getJsonObject(service.service()).remove("checks");
            }
            return Answer.json(report.state().isStarted() ? OK : UNAVAILABLE, json.toBuffer());
        });
    }
}
