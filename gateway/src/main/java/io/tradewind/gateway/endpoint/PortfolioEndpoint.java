package io.tradewind.gateway.endpoint;

import io.tradewind.contracts.Json;
import io.tradewind.contracts.JsonObjects;
import io.tradewind.contracts.state.Domains;
import io.tradewind.contracts.state.EntitiesPage;
import io.tradewind.contracts.state.Entity;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.contracts.state.ReadEntities;
import io.tradewind.gateway.domain.ApiCode;
import io.tradewind.gateway.domain.ApiError;
import io.vertx.core.Future;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** Account and positions. Stateless, on the event loop of its instance. */
final class PortfolioEndpoint {

    /** Positions answered with at most; an account has as many as it trades symbols. */
    static final int MAX_POSITIONS = 10_000;

    private final Services services;

    PortfolioEndpoint(Services services) {
        this.services = services;
    }

    Future<Answer> positions(Call call) {
        return positions(
                ReadEntities.of(Domains.POSITION, call.account(), ReadEntities.MAX_LIMIT), new ArrayList<>(), null);
    }

    private Future<Answer> positions(ReadEntities what, List<Json> found, EntitiesPage first) {
        return services.read(what).compose(page -> {
            page.entities().stream()
                    .map(Entity::json)
                    .filter(PortfolioEndpoint::isHeld)
                    .forEach(found::add);
            EntitiesPage earliest = first == null ? page : first;
            if (page.more() && found.size() < MAX_POSITIONS) {
                Entity last = page.entities().get(page.entities().size() - 1);
                return positions(what.after(last.key()), found, earliest);
            }
            Answer answer = Answer.array(found).version(earliest.version(), earliest.stale() || page.stale());
            return Future.succeededFuture(page.more() ? answer.with("x-tradewind-truncated", "true") : answer);
        });
    }

    Future<Answer> position(Call call) {
        EntityKey key = new EntityKey(Domains.POSITION, call.account(), call.pathParameter());
        return services.read(ReadEntities.one(key)).map(page -> {
            if (page.entities().isEmpty() || !isHeld(page.entities().get(0).json())) {
                throw ApiError.of(ApiCode.POSITION_NOT_FOUND, "there is no position in this symbol")
                        .exception();
            }
            return Answer.of(page.entities().get(0).json()).version(page.version(), page.stale());
        });
    }

    Future<Answer> account(Call call) {
        EntityKey key = new EntityKey(Domains.ACCOUNT, call.account(), call.account());
        return services.read(ReadEntities.one(key)).map(page -> {
            if (page.entities().isEmpty()) {
                throw ApiError.of(ApiCode.ACCOUNT_NOT_FOUND, "the account of this key is not open yet")
                        .exception();
            }
            return Answer.of(page.entities().get(0).json()).version(page.version(), page.stale());
        });
    }

    /** A closed position may still be stored, with nothing in it. */
    private static boolean isHeld(Json position) {
        String qty = JsonObjects.read(position).get("qty");
        return qty == null || new BigDecimal(qty).signum() != 0;
    }
}
