package io.tradewind.orderqueue.paper;

import static io.tradewind.orderqueue.domain.Samples.AAPL;
import static io.tradewind.orderqueue.domain.Samples.NOW;
import static io.tradewind.orderqueue.domain.Samples.ids;
import static io.tradewind.orderqueue.domain.Samples.limit;
import static io.tradewind.orderqueue.domain.Samples.quote;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.tradewind.contracts.broker.Broker;
import io.tradewind.contracts.broker.BrokerExecution;
import io.tradewind.contracts.broker.BrokerOpenOrder;
import io.tradewind.contracts.broker.BrokerPage;
import io.tradewind.contracts.broker.ExecutionReport;
import io.tradewind.contracts.orders.Order;
import io.tradewind.contracts.orders.PlaceOrder;
import io.tradewind.contracts.orders.Side;
import io.tradewind.contracts.state.Partitions;
import io.tradewind.orderqueue.domain.Samples;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the paper broker lists when it is asked for everything. */
@Timeout(60)
class PaperListsTest {

    private static final int MANY = 2 * Broker.MAX_PAGE + 1;

    private final PaperMatcher matcher = new PaperMatcher(ids("e"), BigDecimal.ZERO, BigDecimal.ZERO);

    @Test
    void shouldListEveryWorkingOrderOnceInPages() {
        matcher.onQuotes(List.of(quote(AAPL, "99", "101")), NOW);
        Set<String> resting = new HashSet<>();
        for (int i = 0; i < MANY; i++) {
            resting.add(submit(i, "90").id());
        }
        submit(MANY, "101");
        List<BrokerOpenOrder> listed = all(matcher::openOrders, 3);
        assertEquals(MANY, listed.size());
        assertEquals(
                resting,
                new HashSet<>(listed.stream().map(BrokerOpenOrder::orderId).toList()));
    }

    @Test
    void shouldListExecutionsOldestFirstInPages() {
        matcher.onQuotes(List.of(quote(AAPL, "99", "101")), NOW);
        List<String> filled = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            filled.add(submit(i, "101").id());
        }
        List<BrokerExecution> listed = all(cursor -> matcher.executions(NOW, cursor), 3);
        assertEquals(
                filled, listed.stream().map(each -> each.report().orderId()).toList());
        assertEquals(List.of(), matcher.executions(NOW + 1, null).items());
    }

    @Test
    void shouldForgetTheOldestExecutionsFirst() {
        matcher.onQuotes(List.of(quote(AAPL, "99", "101")), NOW);
        for (int i = 0; i < PaperMatcher.MAX_REMEMBERED + 5; i++) {
            submit(i, "101");
        }
        List<BrokerExecution> listed = all(cursor -> matcher.executions(0, cursor), 20);
        assertEquals(PaperMatcher.MAX_REMEMBERED, listed.size());
        ExecutionReport newest = listed.get(listed.size() - 1).report();
        assertEquals("order-" + (PaperMatcher.MAX_REMEMBERED + 4), newest.orderId());
    }

    @Test
    void shouldKnowNothingMoreOfThePartitionThatItLetsGoOf() {
        matcher.onQuotes(List.of(quote(AAPL, "99", "101")), NOW);
        Order resting = submit(1, "90");
        Order filled = submit(2, "101");
        PlaceOrder others = Samples.buy("bob", "1");
        assertNotEquals(Partitions.of(Samples.ACCOUNT), Partitions.of("bob"));
        Order other = Order.accepted("order-3", others, NOW);
        matcher.submit(other, NOW);

        matcher.forget(Partitions.of(Samples.ACCOUNT));
        assertEquals(Optional.empty(), matcher.find(resting.id()));
        assertEquals(Optional.empty(), matcher.find(filled.id()));
        assertEquals(List.of(), matcher.onQuotes(List.of(quote(AAPL, "80", "81")), NOW), "it works nothing any more");
        assertEquals(List.of(), all(matcher::openOrders, 1));
        assertEquals(
                List.of(other.id()),
                all(cursor -> matcher.executions(0, cursor), 1).stream()
                        .map(each -> each.report().orderId())
                        .toList());
        assertEquals(
                1,
                matcher.submit(resting, NOW).stream()
                        .filter(report -> report.kind() == ExecutionReport.Kind.FILL)
                        .count(),
                "it comes back, and is new");
    }

    private Order submit(int number, String price) {
        Order order = Order.accepted("order-" + number, limit(Side.BUY, "1", price, "c" + number), NOW);
        matcher.submit(order, NOW);
        return order;
    }

    private static <T> List<T> all(Function<String, BrokerPage<T>> ask, int pages) {
        List<T> all = new ArrayList<>();
        String cursor = null;
        for (int i = 0; i < pages; i++) {
            BrokerPage<T> page = ask.apply(cursor);
            all.addAll(page.items());
            cursor = page.next();
        }
        assertEquals(null, cursor, "there are more pages");
        return all;
    }
}
