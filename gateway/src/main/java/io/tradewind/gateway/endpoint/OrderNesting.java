package io.tradewind.gateway.endpoint;

import io.tradewind.contracts.Json;
import io.tradewind.contracts.JsonObjects;
import io.tradewind.contracts.state.Domains;
import io.tradewind.contracts.state.Entity;
import io.tradewind.contracts.state.ReadEntities;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * {@code nested=true}: puts legs into their parents, and leaves out those that stand in one of the list. A leg that was
 * replaced brings the one that replaced it. Legs that have left the state are left out. One per answer, on the event loop
 * of its instance.
 */
final class OrderNesting {

    /** Replaces of a leg that are followed. */
    private static final int MAX_HOPS = 8;

    private static final String LEGS = ",\"legs\":[";

    private final Services services;
    private final String account;
    private final Map<String, Json> legs = new HashMap<>();

    OrderNesting(Services services, String account) {
        this.services = services;
        this.account = account;
    }

    Future<List<Json>> nest(List<Json> orders) {
        Set<String> wanted = new LinkedHashSet<>();
        orders.forEach(order -> legIds(JsonObjects.read(order)).forEach(wanted::add));
        return load(wanted, 0).map(v -> nested(orders));
    }

    private static Stream<String> legIds(Map<String, String> order) {
        return Stream.of("take_profit_order_id", "stop_loss_order_id")
                .map(order::get)
                .filter(id -> id != null);
    }

    private Future<Void> load(Set<String> ids, int hops) {
        if (ids.isEmpty() || hops > MAX_HOPS) {
            return Future.succeededFuture();
        }
        List<String> all = List.copyOf(ids);
        Set<String> further = new LinkedHashSet<>();
        Future<Void> done = Future.succeededFuture();
        for (int from = 0; from < all.size(); from += ReadEntities.MAX_LIMIT) {
            List<String> some = all.subList(from, Math.min(all.size(), from + ReadEntities.MAX_LIMIT));
            done = done.compose(v -> services.read(ReadEntities.byIds(Domains.ORDER, account, some)))
                    .map(page -> {
                        for (Entity leg : page.entities()) {
                            legs.put(leg.key().id(), leg.json());
                            String next = JsonObjects.read(leg.json()).get("replaced_by");
                            if (next != null && !legs.containsKey(next)) {
                                further.add(next);
                            }
                        }
                        return null;
                    });
        }
        return done.compose(v -> load(further, hops + 1));
    }

    private List<Json> nested(List<Json> orders) {
        Set<String> placed = new HashSet<>();
        Map<Json, Json> withLegs = new HashMap<>();
        for (Json order : orders) {
            List<Json> own = legsOf(JsonObjects.read(order), placed);
            if (!own.isEmpty()) {
                withLegs.put(order, join(order, own));
            }
        }
        List<Json> result = new ArrayList<>();
        for (Json order : orders) {
            if (!placed.contains(JsonObjects.read(order).get("id"))) {
                result.add(withLegs.getOrDefault(order, order));
            }
        }
        return result;
    }

    private List<Json> legsOf(Map<String, String> order, Set<String> placed) {
        List<Json> own = new ArrayList<>();
        legIds(order).forEach(id -> {
            String next = id;
            for (int hops = 0; next != null && hops <= MAX_HOPS; hops++) {
                Json leg = legs.get(next);
                if (leg != null && placed.add(next)) {
                    own.add(leg);
                }
                next = leg == null ? null : JsonObjects.read(leg).get("replaced_by");
            }
        });
        return own;
    }

    private static Json join(Json order, List<Json> own) {
        byte[] bytes = order.bytes();
        Buffer out = Buffer.buffer(bytes.length * (1 + own.size()));
        out.appendBytes(bytes, 0, bytes.length - 1).appendString(LEGS);
        String separator = "";
        for (Json leg : own) {
            out.appendString(separator).appendBytes(leg.bytes());
            separator = ",";
        }
        return Json.ofBytes(out.appendString("]}").getBytes());
    }
}
