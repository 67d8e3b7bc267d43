package io.tradewind.gateway.domain;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.tradewind.contracts.Decimals;
import io.tradewind.contracts.orders.Denial;
import io.tradewind.contracts.orders.DenialCode;
import io.tradewind.contracts.orders.OrderClass;
import io.tradewind.contracts.orders.OrderExits;
import io.tradewind.contracts.orders.OrderTerms;
import io.tradewind.contracts.orders.OrderType;
import io.tradewind.contracts.orders.PlaceOrder;
import io.tradewind.contracts.orders.Priority;
import io.tradewind.contracts.orders.Side;
import io.tradewind.contracts.orders.TimeInForce;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Set;
import java.util.function.Function;

/**
 * Reads the body of {@code POST /v2/orders}: the fields of the Alpaca Trading API v2 and our {@code priority}. Strict,
 * because a mistyped limit price must not become a market order: a field that is not known, or known but not served
 * yet, refuses the order instead of being passed over. Only the form is judged here. Streaming, one pass; stateless.
 */
public final class OrderParser {

    /** Longest symbol, in characters. */
    static final int MAX_SYMBOL = 32;

    private static final String TYPES = "market, limit, stop, stop_limit or trailing_stop";
    private static final String TIMES = "day, gtc, ioc, fok, opg or cls";
    private static final BigDecimal MAX_PERCENT = BigDecimal.valueOf(100);

    private static final JsonFactory FACTORY = new JsonFactory();

    private static final Set<String> FIELDS_TO_COME = Set.of("legs", "position_intent");
    private static final Set<String> CLASSES_TO_COME = Set.of("mleg");

    private OrderParser() {}

    /**
     * What came out.
     *
     * @param clientOrderId the sender's, as far as it was read; {@code null} when there is none
     * @param form the order, or {@code null} when it is refused
     * @param denial why it is refused, or {@code null}
     */
    public record Result(String clientOrderId, Form form, Denial denial) {}

    /** Control characters, and halves of surrogate pairs, which no UTF-8 text can hold. */
    static boolean isUnprintable(int codePoint) {
        return Character.isISOControl(codePoint) || Character.getType(codePoint) == Character.SURROGATE;
    }

    /** An order whose form is right; {@code clientOrderId} may still be missing. */
    public record Form(String clientOrderId, OrderTerms terms) {

        /** The command that this is, for an account, under a client order id. */
        public PlaceOrder toCommand(String account, String orderName, String source, String correlationId) {
            return new PlaceOrder(account, orderName, terms, source, correlationId);
        }
    }

    /** @param length how much of {@code body} is the request */
    public static Result parse(byte[] body, int length) {
        Reading reading = new Reading();
        try (JsonParser in = FACTORY.createParser(body, 0, length)) {
            reading.object(in);
            return new Result(reading.clientOrderId, reading.form(), null);
        } catch (Refused refused) {
            return new Result(reading.clientOrderId, null, refused.denial);
        } catch (IOException e) {
            Denial denial = Denial.of(DenialCode.REQUEST_MALFORMED, "the body is not valid JSON" + where(e), null);
            return new Result(reading.clientOrderId, null, denial);
        }
    }

    private static String where(IOException failure) {
        return failure instanceof com.fasterxml.jackson.core.JsonProcessingException e && e.getLocation() != null
                ? " (line " + e.getLocation().getLineNr() + ", column "
                        + e.getLocation().getColumnNr() + ")"
                : "";
    }

    /** Leaves the reading at the first thing that is wrong. */
    private static final class Refused extends Exception {

        private static final long serialVersionUID = 1L;

        private final transient Denial denial;

        Refused(DenialCode code, String message, String field) {
            super(message, null, false, false);
            this.denial = Denial.of(code, message, field);
        }
    }

    private static Refused invalid(String field, String rule) {
        return new Refused(DenialCode.REQUEST_FIELD_INVALID, field + " " + rule, field);
    }

    private static Refused unsupported(String field, String what) {
        return new Refused(DenialCode.REQUEST_UNSUPPORTED, what + " is not supported yet", field);
    }

    /** One body while it is read. */
    private static final class Reading {

        private String clientOrderId;
        private String symbol;
        private BigDecimal qty;
        private Side side;
        private OrderType type;
        private TimeInForce timeInForce;
        private BigDecimal notional;
        private BigDecimal limitPrice;
        private BigDecimal stopPrice;
        private BigDecimal trailPrice;
        private BigDecimal trailPercent;
        private OrderClass orderClass;
        private boolean hasTakeProfit;
        private boolean hasStopLoss;
        private BigDecimal takeProfitLimitPrice;
        private BigDecimal stopLossStopPrice;
        private BigDecimal stopLossLimitPrice;
        private Priority priority;
        private int seen;

        void object(JsonParser in) throws IOException, Refused {
            if (in.nextToken() != JsonToken.START_OBJECT) {
                throw new Refused(DenialCode.REQUEST_MALFORMED, "the body must be a JSON object", null);
            }
            while (in.nextToken() == JsonToken.FIELD_NAME) {
                String name = in.currentName();
                in.nextToken();
                field(name, in);
            }
            if (in.nextToken() != null) {
                throw new Refused(DenialCode.REQUEST_MALFORMED, "nothing may follow the JSON object", null);
            }
        }

        private void field(String name, JsonParser in) throws IOException, Refused {
            switch (name) {
                case "symbol" -> symbol = symbol(once(0, name, in));
                case "qty" -> qty = positive(name, once(1, name, in));
                case "side" -> side = choice(name, once(2, name, in), Side::parse, "buy or sell");
                case "type" -> type = choice(name, once(3, name, in), OrderType::parse, TYPES);
                case "time_in_force" -> timeInForce = choice(name, once(4, name, in), TimeInForce::parse, TIMES);
                case "limit_price" -> limitPrice = positive(name, once(5, name, in));
                case "client_order_id" -> clientOrderId = clientOrderId(once(6, name, in));
                case "priority" ->
                    priority = choice(name, once(7, name, in), Priority::parse, "critical, high, normal or low");
                case "extended_hours" -> extendedHours(once(8, name, in));
                case "order_class" -> orderClass = orderClass(once(9, name, in));
                case "notional" -> notional = positive(name, once(10, name, in));
                case "stop_price" -> stopPrice = positive(name, once(11, name, in));
                case "trail_price" -> trailPrice = positive(name, once(12, name, in));
                case "trail_percent" -> trailPercent = positive(name, once(13, name, in));
                case "take_profit" -> hasTakeProfit = exit(name, once(14, name, in));
                case "stop_loss" -> hasStopLoss = exit(name, once(15, name, in));
                default -> other(name, in);
            }
        }

        /** @return whether it is there and not null */
        private boolean exit(String name, JsonParser in) throws IOException, Refused {
            if (in.currentToken() == JsonToken.VALUE_NULL) {
                return false;
            }
            if (in.currentToken() != JsonToken.START_OBJECT) {
                throw invalid(name, "must be an object");
            }
            while (in.nextToken() == JsonToken.FIELD_NAME) {
                String field = name + "." + in.currentName();
                in.nextToken();
                switch (field) {
                    case "take_profit.limit_price" -> takeProfitLimitPrice = positive(field, once(16, field, in));
                    case "stop_loss.stop_price" -> stopLossStopPrice = positive(field, once(17, field, in));
                    case "stop_loss.limit_price" -> stopLossLimitPrice = positive(field, once(18, field, in));
                    default -> throw unknown(field);
                }
            }
            return true;
        }

        private static Refused unknown(String name) {
            String shown = name.length() <= 40 ? name : name.substring(0, 40) + "…";
            return new Refused(
                    DenialCode.REQUEST_FIELD_UNKNOWN, "field '" + shown + "' is not known; is it mistyped?", shown);
        }

        /** A field may come once only: which of two prices is meant, nobody can know. */
        private JsonParser once(int index, String name, JsonParser in) throws Refused {
            int bit = 1 << index;
            if ((seen & bit) != 0) {
                throw new Refused(DenialCode.REQUEST_MALFORMED, name + " is given twice", name);
            }
            seen |= bit;
            return in;
        }

        private static void other(String name, JsonParser in) throws IOException, Refused {
            if (!FIELDS_TO_COME.contains(name)) {
                throw unknown(name);
            }
            if (in.currentToken() != JsonToken.VALUE_NULL) {
                throw unsupported(name, name);
            }
        }

        private static String text(String name, JsonParser in) throws IOException, Refused {
            if (in.currentToken() == JsonToken.VALUE_NULL) {
                return null;
            }
            if (in.currentToken() != JsonToken.VALUE_STRING) {
                throw invalid(name, "must be text");
            }
            return in.getText();
        }

        private static String symbol(JsonParser in) throws IOException, Refused {
            String text = text("symbol", in);
            if (text != null
                    && (text.isEmpty()
                            || text.length() > MAX_SYMBOL
                            || !text.chars().allMatch(c -> c > ' ' && c < 127))) {
                throw invalid("symbol", "must have 1 to " + MAX_SYMBOL + " characters such as AAPL or BTC/USD");
            }
            return text;
        }

        private static String clientOrderId(JsonParser in) throws IOException, Refused {
            String text = text("client_order_id", in);
            if (text != null
                    && (text.isEmpty()
                            || text.length() > PlaceOrder.MAX_CLIENT_ORDER_ID
                            || text.codePoints().anyMatch(OrderParser::isUnprintable))) {
                throw invalid(
                        "client_order_id",
                        "must have 1 to " + PlaceOrder.MAX_CLIENT_ORDER_ID + " printable characters");
            }
            return text;
        }

        private static BigDecimal positive(String name, JsonParser in) throws IOException, Refused {
            JsonToken token = in.currentToken();
            if (token == JsonToken.VALUE_NULL) {
                return null;
            }
            if (token != JsonToken.VALUE_STRING && !token.isNumeric()) {
                throw invalid(name, "must be a decimal number, as text or as a number");
            }
            BigDecimal value;
            try {
                value = Decimals.parse(in.getText());
            } catch (NumberFormatException e) {
                throw invalid(name, shortened(e.getMessage()));
            }
            if (value.signum() <= 0) {
                throw invalid(name, "must be above 0, not " + value.toPlainString());
            }
            return value;
        }

        private static <T> T choice(String name, JsonParser in, Function<String, T> parse, String choices)
                throws IOException, Refused {
            String text = text(name, in);
            T value = text == null ? null : parse.apply(text);
            if (text != null && value == null) {
                throw invalid(name, shortened("must be " + choices + ", not '" + text + "'"));
            }
            return value;
        }

        private static OrderClass orderClass(JsonParser in) throws IOException, Refused {
            refuse("order_class", in, CLASSES_TO_COME);
            return choice(
                    "order_class",
                    in,
                    text -> text.isEmpty() ? OrderClass.SIMPLE : OrderClass.parse(text),
                    "simple, bracket, oco or oto");
        }

        private static void refuse(String name, JsonParser in, Set<String> toCome) throws IOException, Refused {
            String text = text(name, in);
            if (text != null && toCome.contains(text)) {
                throw unsupported(name, name + " " + text);
            }
        }

        private static void extendedHours(JsonParser in) throws Refused {
            switch (in.currentToken()) {
                case VALUE_FALSE, VALUE_NULL -> {}
                case VALUE_TRUE -> throw unsupported("extended_hours", "extended_hours");
                default -> throw invalid("extended_hours", "must be true or false");
            }
        }

        private static String shortened(String rule) {
            return rule.length() <= 120 ? rule : rule.substring(0, 120) + "…";
        }

        Form form() throws Refused {
            required("symbol", symbol);
            if (qty == null && notional == null) {
                throw invalid("qty", "or notional is required");
            }
            required("side", side);
            required("type", type);
            required("time_in_force", timeInForce);
            OrderExits exits = exits();
            prices();
            times(exits.orderClass());
            return new Form(
                    clientOrderId,
                    new OrderTerms(
                            symbol,
                            qty,
                            notional,
                            side,
                            type,
                            timeInForce,
                            limitPrice,
                            stopPrice,
                            trailPrice,
                            trailPercent,
                            exits,
                            priority == null ? Priority.NORMAL : priority));
        }

        private void prices() throws Refused {
            if (qty != null && notional != null) {
                throw invalid("notional", "and qty exclude each other");
            }
            goesWith("limit_price", limitPrice, type.hasLimit(), "limit and stop_limit");
            goesWith("stop_price", stopPrice, type.hasStop(), "stop and stop_limit");
            boolean trails = type == OrderType.TRAILING_STOP;
            if (trails && trailPrice == null && trailPercent == null) {
                throw invalid("trail_price", "or trail_percent is required");
            }
            if (trailPrice != null && trailPercent != null) {
                throw invalid("trail_percent", "and trail_price exclude each other");
            }
            goesWith("trail_price", trailPrice, trails && trailPercent == null, "trailing_stop");
            goesWith("trail_percent", trailPercent, trails && trailPrice == null, "trailing_stop");
            if (trailPercent != null && trailPercent.compareTo(MAX_PERCENT) >= 0) {
                throw invalid("trail_percent", "must be below " + MAX_PERCENT);
            }
        }

        private void goesWith(String name, BigDecimal value, boolean has, String types) throws Refused {
            if (has) {
                required(name, value);
            } else if (value != null) {
                throw invalid(name, "goes with " + types + " orders only; this one is a " + type.text() + " order");
            }
        }

        private void times(OrderClass classOfOrder) throws Refused {
            boolean rests = timeInForce == TimeInForce.DAY || timeInForce == TimeInForce.GTC;
            if (!rests && classOfOrder != OrderClass.SIMPLE) {
                throw invalid("time_in_force", "of a " + classOfOrder.text() + " order must be day or gtc");
            }
            if (!rests && type != OrderType.MARKET && type != OrderType.LIMIT) {
                throw invalid("time_in_force", "of a " + type.text() + " order must be day or gtc");
            }
        }

        private OrderExits exits() throws Refused {
            OrderClass wanted = orderClass == null ? OrderClass.SIMPLE : orderClass;
            if (wanted == OrderClass.SIMPLE) {
                absent("take_profit", hasTakeProfit);
                absent("stop_loss", hasStopLoss);
                return OrderExits.NONE;
            }
            if (notional != null) {
                throw invalid("notional", "goes with simple orders only; this one is a " + wanted.text() + " order");
            }
            if (hasTakeProfit) {
                required("take_profit.limit_price", takeProfitLimitPrice);
            }
            if (hasStopLoss) {
                required("stop_loss.stop_price", stopLossStopPrice);
            }
            if (wanted == OrderClass.OTO) {
                if (hasTakeProfit == hasStopLoss) {
                    throw invalid("take_profit", "or stop_loss, and only one of them, is required for an oto order");
                }
            } else {
                required("take_profit", takeProfitLimitPrice);
                required("stop_loss", stopLossStopPrice);
            }
            entry(wanted);
            return new OrderExits(wanted, takeProfitLimitPrice, stopLossStopPrice, stopLossLimitPrice);
        }

        private static void absent(String name, boolean there) throws Refused {
            if (there) {
                throw invalid(name, "goes with bracket, oco and oto orders only: set order_class");
            }
        }

        /** What a class asks of the order itself, and of its prices among each other. */
        private void entry(OrderClass wanted) throws Refused {
            boolean oco = wanted == OrderClass.OCO;
            if (oco) {
                if (type != OrderType.LIMIT) {
                    throw invalid("type", "of an oco order must be limit: it is the take-profit");
                }
                if (limitPrice != null && limitPrice.compareTo(takeProfitLimitPrice) != 0) {
                    throw invalid("limit_price", "of an oco order is that of take_profit; leave it out");
                }
                limitPrice = takeProfitLimitPrice;
            } else if (type != OrderType.MARKET && type != OrderType.LIMIT) {
                throw invalid("type", "of a " + wanted.text() + " order must be market or limit");
            }
            boolean sells = (side == Side.SELL) == oco;
            above(sells, "take_profit.limit_price", takeProfitLimitPrice, "stop_loss.stop_price", stopLossStopPrice);
            if (!oco) {
                above(sells, "take_profit.limit_price", takeProfitLimitPrice, "limit_price", limitPrice);
                above(!sells, "stop_loss.stop_price", stopLossStopPrice, "limit_price", limitPrice);
            }
        }

        private static void above(boolean higher, String name, BigDecimal price, String otherName, BigDecimal other)
                throws Refused {
            if (price != null
                    && other != null
                    && (higher ? price.compareTo(other) <= 0 : price.compareTo(other) >= 0)) {
                throw invalid(
                        name,
                        "must be " + (higher ? "above " : "below ") + otherName + " " + other.toPlainString() + ", not "
                                + price.toPlainString());
            }
        }

        private static void required(String name, Object value) throws Refused {
            if (value == null) {
                throw invalid(name, "is required");
            }
        }
    }
}
