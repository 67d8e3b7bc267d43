package io.tradewind.benchmarks.load;

import io.netty.buffer.ByteBuf;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The orders of a run, as ready-made requests into which only the sequence number is written.
 *
 * <p>Order {@code n} is for symbol {@code n mod symbols}; each symbol is bought and sold in turn, the same quantity
 * each time, so that a position never moves from where it was by more than what is in flight. Limit orders, if any are
 * asked for, are priced to fill at once. Immutable.
 */
public final class OrderRequests implements RequestSource {

    /** Digits of the sequence number at the end of a client order id. */
    public static final int SEQ_DIGITS = 9;

    /** How far beyond the last price a limit order goes: far enough that the feed does not walk out of reach. */
    private static final BigDecimal LIMIT_MARGIN = new BigDecimal("0.10");

    private static final String HOLE = "#".repeat(SEQ_DIGITS);

    private final List<Template> market = new ArrayList<>();
    private final List<Template> limit = new ArrayList<>();
    private final double limitShare;
    private final Map<String, String> keys;

    /**
     * @param target host and port, for the host header
     * @param idPrefix client order ids are this and {@link #SEQ_DIGITS} digits
     * @param prices last price of every symbol; what is traded is its keys. Only limit orders need the prices
     * @param limitShare share of limit orders, 0 to 1
     */
    public OrderRequests(
            Target target,
            String keyId,
            String secretKey,
            String idPrefix,
            Map<String, BigDecimal> prices,
            BigDecimal qty,
            double limitShare) {
        this.limitShare = limitShare;
        this.keys = Map.of("APCA-API-KEY-ID", keyId, "APCA-API-SECRET-KEY", secretKey);
        String head = "POST /v2/orders HTTP/1.1\r\nhost: " + target.host() + ":" + target.port()
                + "\r\ncontent-type: application/json\r\nAPCA-API-KEY-ID: " + keyId + "\r\nAPCA-API-SECRET-KEY: "
                + secretKey + "\r\n";
        for (String side : List.of("buy", "sell")) {
            prices.forEach((symbol, price) -> {
                String start = "{\"symbol\":\"" + symbol + "\",\"qty\":\"" + qty.toPlainString() + "\",\"side\":\""
                        + side + "\",\"time_in_force\":\"day\",";
                String id = "\"client_order_id\":\"" + idPrefix + HOLE + "\"}";
                market.add(Template.of(head, start + "\"type\":\"market\"," + id));
                if (limitShare > 0) {
                    String at = limitPrice(price, side).toPlainString();
                    limit.add(Template.of(head, start + "\"type\":\"limit\",\"limit_price\":\"" + at + "\"," + id));
                }
            });
        }
    }

    /** The end of the client order id of order {@code seq}. */
    public static String digits(int seq) {
        String number = Integer.toString(seq);
        return "0".repeat(SEQ_DIGITS - number.length()) + number;
    }

    @Override
    public void write(int seq, ByteBuf out) {
        template(seq).write(seq, out, 0);
    }

    /** Writes the body of order {@code seq} alone. */
    void writeBody(int seq, ByteBuf out) {
        Template template = template(seq);
        template.write(seq, out, template.bodyAt);
    }

    /** The headers that say who asks, by name. */
    Map<String, String> keys() {
        return keys;
    }

    private Template template(int seq) {
        boolean isLimit = limitShare > 0 && (long) ((seq + 1) * limitShare) != (long) (seq * limitShare);
        List<Template> templates = isLimit ? limit : market;
        // All buys come first in the list: one round over it buys every symbol, then sells every symbol.
        return templates.get(seq % templates.size());
    }

    private static BigDecimal limitPrice(BigDecimal price, String side) {
        BigDecimal factor =
                side.equals("buy") ? BigDecimal.ONE.add(LIMIT_MARGIN) : BigDecimal.ONE.subtract(LIMIT_MARGIN);
        return price.multiply(factor).setScale(2, RoundingMode.HALF_UP);
    }

    /** One request with a hole for the sequence number. */
    private static final class Template {

        private final byte[] bytes;
        private final int holeAt;
        private final int bodyAt;

        private Template(byte[] bytes, int holeAt, int bodyAt) {
            this.bytes = bytes;
            this.holeAt = holeAt;
            this.bodyAt = bodyAt;
        }

        static Template of(String head, String body) {
            String request = head + "content-length: " + body.length() + "\r\n\r\n" + body;
            return new Template(
                    request.getBytes(StandardCharsets.US_ASCII),
                    request.indexOf(HOLE),
                    request.length() - body.length());
        }

        void write(int seq, ByteBuf out, int from) {
            int start = out.writerIndex() - from;
            out.writeBytes(bytes, from, bytes.length - from);
            int rest = seq;
            for (int i = SEQ_DIGITS - 1; i >= 0; i--) {
                out.setByte(start + holeAt + i, '0' + rest % 10);
                rest /= 10;
            }
        }
    }
}
