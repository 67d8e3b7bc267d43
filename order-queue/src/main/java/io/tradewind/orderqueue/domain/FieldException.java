package io.tradewind.orderqueue.domain;

import io.tradewind.contracts.orders.Denial;
import io.tradewind.contracts.orders.DenialCode;

/** A field of a change has a value that it cannot have, or does not exist. Becomes a denial; nothing was changed. */
public final class FieldException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final DenialCode code;
    private final String field;

    FieldException(DenialCode code, String field, String message) {
        super(message);
        this.code = code;
        this.field = field;
    }

    static FieldException invalid(String field, String rule, String value) {
        String shown = value.length() <= 40 ? value : value.substring(0, 40) + "…";
        return new FieldException(
                DenialCode.REQUEST_FIELD_INVALID, field, field + " " + rule + ", not '" + shown + "'");
    }

    public Denial denial() {
        return Denial.of(code, getMessage(), field);
    }
}
