package io.tradewind.gateway.endpoint;

import io.tradewind.contracts.Addresses;
import io.tradewind.contracts.Json;
import io.tradewind.contracts.orders.FindOrders;
import io.tradewind.contracts.orders.FoundOrders;
import io.tradewind.contracts.state.Domains;
import io.tradewind.contracts.state.EntitiesPage;
import io.tradewind.contracts.state.Entity;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.contracts.state.Partitions;
import io.tradewind.contracts.state.ReadEntities;
import io.tradewind.gateway.domain.OrderQuery;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Answers one order query. Open orders, of which there are few, are found through the order-queue's index; closed ones by
 * going through the account's orders page by page, which are sorted by time because their ids are. Looks through a
 * bounded number. On the event loop of its request; gone with it.
 */
final class OrderScan {

    /** Orders read at once. */
    private static final int PAGE = 500;

    private final Services services;
    private final String account;
    private final OrderQuery query;
    private final int maxScanned;
    private final List<Match> orders = new ArrayList<>();
    private int scanned;
    private long version = -1;
    private boolean stale;
    private boolean truncated;

    OrderScan(Services services, String account, OrderQuery query, int maxScanned) {
        this.services = services;
        this.account = account;
        this.query = query;
        this.maxScanned = maxScanned;
    }

    /**
     * @param version of the partition, when the first page was read
     * @param truncated whether more may match behind what was looked through
     */
    record Found(List<Match> orders, long version, boolean stale, boolean truncated) {

        /** Together with orders from elsewhere, which count where these do not have them; both in the order of the query. */
        Found with(List<Match> others, OrderQuery query) {
            Comparator<String> order = query.descending() ? Comparator.reverseOrder() : Comparator.naturalOrder();
            NavigableMap<String, Match> all = new TreeMap<>(order);
            others.forEach(match -> all.put(match.id(), match));
            orders.forEach(match -> all.put(match.id(), match));
            return new Found(all.values().stream().limit(query.limit()).toList(), version, stale, truncated);
        }
    }

    /** An order that matches. */
    record Match(String id, Json json) {}

    Future<Found> run() {
        Future<Void> done = query.status() == OrderQuery.Status.OPEN ? open() : pages(firstPage());
        return done.map(v -> new Found(orders, version, stale, truncated));
    }

    private Future<Void> open() {
        int partition = Partitions.of(account);
        FindOrders find = new FindOrders(partition, account, null);
        return services.<FoundOrders>query(Addresses.ordersFind(partition), find, "the order-queue")
                .compose(found -> {
                    List<String> ids = new ArrayList<>(found.orderIds());
                    if (!query.descending()) {
                        Collections.reverse(ids);
                    }
                    // Read even when there are none, for the version that goes with the answer.
                    return ids.isEmpty() ? pages(firstPageOf(1)) : openFrom(ids, 0);
                });
    }

    private Future<Void> openFrom(List<String> ids, int from) {
        if (from >= ids.size() || orders.size() >= query.limit()) {
            return Future.succeededFuture();
        }
        if (scanned >= maxScanned) {
            truncated = true;
            return Future.succeededFuture();
        }
        int to = Math.min(ids.size(), from + PAGE);
        return services.read(ReadEntities.byIds(Domains.ORDER, account, ids.subList(from, to)))
                .compose(page -> {
                    take(page);
                    return openFrom(ids, to);
                });
    }

    private ReadEntities firstPage() {
        return firstPageOf(query.isPlain() && query.status() == OrderQuery.Status.ALL ? query.limit() : PAGE);
    }

    private ReadEntities firstPageOf(int limit) {
        ReadEntities first = ReadEntities.of(Domains.ORDER, account, limit);
        first = query.descending() ? first.reversed() : first;
        String start = query.startId();
        return start == null ? first : first.after(new EntityKey(Domains.ORDER, account, start));
    }

    private Future<Void> pages(ReadEntities what) {
        return services.read(what).compose(page -> {
            boolean more = take(page) && page.more() && !page.entities().isEmpty();
            if (!more || query.status() == OrderQuery.Status.OPEN) {
                return Future.succeededFuture();
            }
            if (scanned >= maxScanned) {
                truncated = true;
                return Future.succeededFuture();
            }
            Entity last = page.entities().get(page.entities().size() - 1);
            return pages(what.after(last.key()));
        });
    }

    /** @return whether something behind this page may match, and is wanted */
    private boolean take(EntitiesPage page) {
        version = version < 0 ? page.version() : version;
        stale |= page.stale();
        for (Entity entity : page.entities()) {
            scanned++;
            if (query.isPast(entity.key().id())) {
                return false;
            }
            if (!query.isBefore(entity.key().id()) && query.matches(entity.json())) {
                orders.add(new Match(entity.key().id(), entity.json()));
                if (orders.size() >= query.limit()) {
                    return false;
                }
            }
        }
        return true;
    }
}
