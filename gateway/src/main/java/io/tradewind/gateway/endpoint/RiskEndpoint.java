package io.tradewind.gateway.endpoint;

import io.tradewind.contracts.Addresses;
import io.tradewind.contracts.risk.ChangeRisk;
import io.tradewind.contracts.risk.ChangeRisk.What;
import io.tradewind.contracts.risk.RiskReply;
import io.tradewind.gateway.domain.ApiCode;
import io.tradewind.gateway.domain.ApiError;
import io.tradewind.gateway.domain.RequestBody;
import io.tradewind.gateway.domain.Scope;
import io.vertx.core.Future;
import java.util.Set;
import java.util.TreeSet;

/**
 * The limits that orders are checked against. Which there are, and what values they take, the order-queue knows.
 * Stateless, on the event loop of its instance.
 */
final class RiskEndpoint {

    static final String VERSION = "expected_version";
    static final String REASON = "reason";
    private static final Set<String> OURS = new TreeSet<>(Set.of(VERSION, REASON));
    private static final String QUEUE = "the order-queue";
    private static final int MAX_REASON = 500;

    private final Services services;

    RiskEndpoint(Services services) {
        this.services = services;
    }

    Future<Answer> limitsOfAll(Call call) {
        return ask(services, call, What.LIMITS, null);
    }

    Future<Answer> limits(Call call) {
        if (!call.account().equals(call.pathParameter()) && !call.key().may(Scope.ADMIN)) {
            throw ApiError.of(
                            ApiCode.REQUEST_FORBIDDEN,
                            "without the scope admin, only the key's own account can be named here")
                    .exception();
        }
        return ask(services, call, What.LIMITS, call.pathParameter());
    }

    Future<Answer> changeLimitsOfAll(Call call, boolean whole) {
        return change(services, call, What.LIMITS, null, whole);
    }

    Future<Answer> changeLimits(Call call, boolean whole) {
        return change(services, call, What.LIMITS, call.pathParameter(), whole);
    }

    static Future<Answer> ask(Services services, Call call, What what, String name) {
        return services.<RiskReply>query(
                        Addresses.ORDERS_RISK,
                        ChangeRisk.ask(what, name, call.key().keyId(), call.requestId()),
                        QUEUE)
                .map(RiskEndpoint::answer);
    }

    /** @param whole whether the body is all there is to be, or only what is to change */
    static Future<Answer> change(Services services, Call call, What what, String name, boolean whole) {
        RequestBody body = RequestBody.parseWithOthers(call.body().getBytes(), OURS);
        String reason = body.text(REASON);
        if (reason != null && reason.length() > MAX_REASON) {
            throw RequestBody.invalid(REASON, "must have at most " + MAX_REASON + " characters");
        }
        var changes = body.others(OURS);
        if (changes.size() > ChangeRisk.MAX_CHANGES) {
            throw RequestBody.invalid("the body", "must have at most " + ChangeRisk.MAX_CHANGES + " fields");
        }
        Long version = body.version(VERSION);
        ChangeRisk command = new ChangeRisk(
                what,
                name,
                changes,
                whole,
                version == null ? ChangeRisk.ANY : version,
                reason,
                call.key().keyId(),
                call.requestId());
        return services.<RiskReply>command(
                        Addresses.ORDERS_RISK,
                        command,
                        QUEUE,
                        "GET on the same path tells; sending it again does no harm.")
                .map(RiskEndpoint::answer);
    }

    private static Answer answer(RiskReply reply) {
        return reply.denial() == null ? Answer.of(reply.document()) : Answer.error(ApiError.of(reply.denial()));
    }
}
