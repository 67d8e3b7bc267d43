package io.tradewind.contracts.orders;

/**
 * Orders that belong to an order, by id; {@code null} where there is none.
 *
 * @param parentId the order that it is a leg of
 * @param takeProfitId its leg that takes the profit
 * @param stopLossId its leg that limits the loss
 * @param replaces the order in whose place it came
 * @param replacedBy the order that came in its place
 */
public record OrderLinks(String parentId, String takeProfitId, String stopLossId, String replaces, String replacedBy) {

    public static final OrderLinks NONE = new OrderLinks(null, null, null, null, null);

    /** Whether no order belongs to it. */
    public boolean isNone() {
        return parentId == null && takeProfitId == null && stopLossId == null && replaces == null && replacedBy == null;
    }

    /** Those of a leg. */
    public static OrderLinks legOf(String parentId) {
        return new OrderLinks(parentId, null, null, null, null);
    }

    public OrderLinks withLegs(String newTakeProfitId, String newStopLossId) {
        return new OrderLinks(parentId, newTakeProfitId, newStopLossId, replaces, replacedBy);
    }

    public OrderLinks withParent(String orderId) {
        return new OrderLinks(orderId, takeProfitId, stopLossId, replaces, replacedBy);
    }

    public OrderLinks withReplaces(String orderId) {
        return new OrderLinks(parentId, takeProfitId, stopLossId, orderId, replacedBy);
    }

    public OrderLinks withReplacedBy(String orderId) {
        return new OrderLinks(parentId, takeProfitId, stopLossId, replaces, orderId);
    }
}
