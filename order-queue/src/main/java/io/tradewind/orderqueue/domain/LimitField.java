package io.tradewind.orderqueue.domain;

import io.tradewind.contracts.Decimals;
import io.tradewind.contracts.orders.DenialCode;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The limits there are, by the names that they have in requests and documents, and what values they take. */
enum LimitField {
    /** Units of one order. */
    MAX_ORDER_QTY(Kind.AMOUNT),
    /** Value of one order. */
    MAX_ORDER_NOTIONAL(Kind.AMOUNT),
    /** How much worse than the last price a limit may be, as a fraction of it. */
    PRICE_COLLAR(Kind.FRACTION),
    /** Orders that are not over. */
    MAX_OPEN_ORDERS(Kind.COUNT),
    /** Units of one instrument, long or short, when all open orders of one side are executed. */
    MAX_POSITION_QTY(Kind.AMOUNT),
    /** The same, valued at the last price. */
    MAX_POSITION_NOTIONAL(Kind.AMOUNT),
    MAX_ORDERS_PER_SECOND(Kind.COUNT),
    MAX_ORDERS_PER_MINUTE(Kind.COUNT),
    MAX_CANCELS_PER_SECOND(Kind.COUNT),
    MAX_CANCELS_PER_MINUTE(Kind.COUNT),
    /** What an account may lose within a trading day before it is halted. */
    MAX_DAILY_LOSS(Kind.AMOUNT),
    /** Whether such a halt cancels what is open. */
    DAILY_LOSS_CANCEL_OPEN(Kind.FLAG),
    /** Whether an order that could trade with one of the same account is denied. */
    PREVENT_SELF_TRADES(Kind.FLAG);

    /** Largest amount. */
    static final BigDecimal MAX_AMOUNT = BigDecimal.valueOf(1_000_000_000_000L);

    /** Largest count. */
    static final int MAX_COUNT = 1_000_000;

    /** Widest collar: ten times the price. */
    static final BigDecimal MAX_FRACTION = BigDecimal.TEN;

    private enum Kind {
        AMOUNT,
        FRACTION,
        COUNT,
        FLAG
    }

    private final Kind kind;
    private final String text = name().toLowerCase(Locale.ROOT);

    LimitField(Kind kind) {
        this.kind = kind;
    }

    /** As written in JSON. */
    String text() {
        return text;
    }

    boolean isFlag() {
        return kind == Kind.FLAG;
    }

    boolean isCount() {
        return kind == Kind.COUNT;
    }

    /** @throws FieldException when there is none of this name; the message lists them */
    static LimitField parse(String name) {
        for (LimitField field : values()) {
            if (field.text.equals(name)) {
                return field;
            }
        }
        String known = Arrays.stream(values()).map(LimitField::text).collect(Collectors.joining(", "));
        throw new FieldException(
                DenialCode.REQUEST_FIELD_UNKNOWN, name, "there is no limit '" + name + "'; there are " + known);
    }

    /**
     * @return the value in its one form
     * @throws FieldException when it is none; the message says what would be
     */
    String check(String value) {
        return switch (kind) {
            case FLAG -> flag(value);
            case COUNT -> decimal(value, BigDecimal.valueOf(MAX_COUNT), true);
            case AMOUNT -> decimal(value, MAX_AMOUNT, false);
            case FRACTION -> decimal(value, MAX_FRACTION, false);
        };
    }

    private String flag(String value) {
        if (!value.equals("true") && !value.equals("false")) {
            throw FieldException.invalid(text, "must be true or false", value);
        }
        return value;
    }

    private String decimal(String value, BigDecimal most, boolean whole) {
        BigDecimal number;
        try {
            number = Decimals.parse(value);
        } catch (NumberFormatException e) {
            throw new FieldException(DenialCode.REQUEST_FIELD_INVALID, text, text + " " + e.getMessage());
        }
        if (number.signum() < 0 || number.compareTo(most) > 0 || (whole && number.scale() > 0)) {
            throw FieldException.invalid(
                    text, "must be " + (whole ? "a whole number " : "") + "within 0.." + most.toPlainString(), value);
        }
        return number.toPlainString();
    }
}
