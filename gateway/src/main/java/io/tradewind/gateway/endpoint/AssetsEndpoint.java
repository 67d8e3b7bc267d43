package io.tradewind.gateway.endpoint;

import io.tradewind.contracts.Json;
import io.tradewind.contracts.market.Asset;
import io.tradewind.contracts.market.Assets;
import io.tradewind.contracts.orders.DenialCode;
import io.tradewind.contracts.risk.ChangeRisk.What;
import io.tradewind.contracts.state.Domains;
import io.tradewind.contracts.state.Entity;
import io.tradewind.contracts.state.ReadEntities;
import io.tradewind.gateway.domain.ApiError;
import io.tradewind.gateway.domain.RequestBody;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The instruments: those that have been quoted, each with its stored rules or the usual ones. Stateless, on the event loop
 * of its instance.
 */
final class AssetsEndpoint {

    private static final Set<String> STATUSES = Set.of("active", "inactive");
    private static final Set<String> CLASSES = Set.of(Assets.EQUITY, Assets.CRYPTO);

    private final Services services;

    AssetsEndpoint(Services services) {
        this.services = services;
    }

    Future<Answer> list(Call call) {
        String status = choice(call, "status", STATUSES);
        String assetClass = choice(call, "asset_class", CLASSES);
        String exchange = call.parameter("exchange");
        return all().map(assets -> {
            List<Json> wanted = assets.values().stream()
                    .filter(asset -> status == null || asset.tradable() == status.equals("active"))
                    .filter(asset -> assetClass == null
                            || Assets.assetClass(asset.symbol()).equals(assetClass))
                    .filter(asset ->
                            exchange == null || Assets.exchange(asset.symbol()).equals(exchange))
                    .map(Asset::toJson)
                    .toList();
            return Answer.array(wanted);
        });
    }

    /** By symbol, by id, or, of a pair, by its symbol without the slash. */
    Future<Answer> one(Call call) {
        return find(call).map(asset -> Answer.of(asset.toJson()));
    }

    Future<Answer> change(Call call, boolean whole) {
        return find(call).compose(asset -> RiskEndpoint.change(services, call, What.ASSET, asset.symbol(), whole));
    }

    private Future<Asset> find(Call call) {
        String wanted = call.pathParameter();
        return all().map(assets -> {
            for (Asset asset : assets.values()) {
                if (asset.symbol().equals(wanted)
                        || asset.symbol().replace("/", "").equals(wanted)
                        || Assets.id(asset.symbol()).toString().equals(wanted)) {
                    return asset;
                }
            }
            throw ApiError.of(DenialCode.RISK_NAME_UNKNOWN, "there is no asset with this symbol or id", null)
                    .exception();
        });
    }

    /** One page of each: there are as many as are quoted. */
    private Future<Map<String, Asset>> all() {
        return services.read(of(Domains.MARKET))
                .compose(quotes -> services.read(of(Domains.ASSET)).map(stored -> {
                    Map<String, Asset> assets = new TreeMap<>();
                    for (Entity quote : quotes.entities()) {
                        String symbol = quote.key().id();
                        assets.put(symbol, Asset.defaults(symbol));
                    }
                    for (Entity entity : stored.entities()) {
                        assets.put(entity.key().id(), Asset.fromJson(entity.json()));
                    }
                    return assets;
                }));
    }

    private static ReadEntities of(String domain) {
        return ReadEntities.of(domain, Domains.MARKET_KEY, ReadEntities.MAX_LIMIT);
    }

    private static String choice(Call call, String name, Set<String> choices) {
        String value = call.parameter(name);
        if (value != null && !choices.contains(value)) {
            throw RequestBody.invalid(name, "must be one of " + String.join(", ", choices));
        }
        return value;
    }
}
