package io.tradewind.gateway.domain;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.tradewind.contracts.Decimals;
import io.tradewind.contracts.orders.Denial;
import io.tradewind.contracts.orders.DenialCode;
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

    private static final JsonFactory FACTORY = new JsonFactory();

    private static final Set<String> FIELDS_TO_COME = Set.of(
            "notional",
            "stop_price",
            "trail_price",
            "trail_percent",
            "take_profit",
            "stop_loss",
            "legs",
            "position_intent");
    private static final Set<String> TYPES_TO_COME = Set.of("stop", "stop_limit", "trailing_stop");
    private static final Set<String> TIMES_IN_FORCE_TO_COME = Set.of("opg", "cls");
    private static final Set<String> CLASSES_TO_COME = Set.of("bracket", "oco", "oto", "mleg");

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
    private static boolean isUnprintable(int codePoint) {
        return Character.isISOControl(codePoint) || Character.getType(codePoint) == Character.SURROGATE;
    }

    /** An order whose form is right; {@code clientOrderId} may still be missing. */
    public record Form(
            String clientOrderId,
            String symbol,
            BigDecimal qty,
            Side side,
            OrderType type,
            TimeInForce timeInForce,
            BigDecimal limitPrice,
            Priority priority) {

        /** The command that this is, for an account, under a client order id. */
        public PlaceOrder toCommand(String account, String orderName, String source, String correlationId) {
            return new PlaceOrder(
                    account,
                    orderName,
                    symbol,
                    qty,
                    side,
                    type,
                    timeInForce,
                    limitPrice,
                    priority,
                    source,
                    correlationId);
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
        private BigDecimal limitPrice;
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
                case "type" -> type = type(once(3, name, in));
                case "time_in_force" -> timeInForce = timeInForce(once(4, name, in));
                case "limit_price" -> limitPrice = positive(name, once(5, name, in));
                case "client_order_id" -> clientOrderId = clientOrderId(once(6, name, in));
                case "priority" ->
                    priority = choice(name, once(7, name, in), Priority::parse, "critical, high, normal or low");
                case "extended_hours" -> extendedHours(once(8, name, in));
                case "order_class" -> orderClass(once(9, name, in));
                default -> other(name, in);
            }
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
                String shown = name.length() <= 40 ? name : name.substring(0, 40) + "…";
                throw new Refused(
                        DenialCode.REQUEST_FIELD_UNKNOWN, "field '" + shown + "' is not known; is it mistyped?", shown);
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

        private static OrderType type(JsonParser in) throws IOException, Refused {
            refuse("type", in, TYPES_TO_COME);
            return choice("type", in, OrderType::parse, "market or limit");
        }

        private static TimeInForce timeInForce(JsonParser in) throws IOException, Refused {
            refuse("time_in_force", in, TIMES_IN_FORCE_TO_COME);
            return choice("time_in_force", in, TimeInForce::parse, "day, gtc, ioc or fok");
        }

        private static void orderClass(JsonParser in) throws IOException, Refused {
            refuse("order_class", in, CLASSES_TO_COME);
            choice("order_class", in, text -> text.isEmpty() || text.equals("simple") ? text : null, "simple");
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
            required("qty", qty);
            required("side", side);
            required("type", type);
            required("time_in_force", timeInForce);
            if (type == OrderType.LIMIT) {
                required("limit_price", limitPrice);
            } else if (limitPrice != null) {
                throw invalid("limit_price", "goes with limit orders only; this one is a " + type.text() + " order");
            }
            return new Form(
                    clientOrderId,
                    symbol,
                    qty,
                    side,
                    type,
                    timeInForce,
                    limitPrice,
                    priority == null ? Priority.NORMAL : priority);
        }

        private static void required(String name, Object value) throws Refused {
            if (value == null) {
                throw invalid(name, "is required");
            }
        }
    }
}
