package io.tradewind.dbsync.domain;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/** What a column holds, and how the text of a JSON field becomes it. Pure functions. */
public enum ColumnType {
    TEXT {
        @Override
        Object parse(String text) {
            return text;
        }
    },
    /** Exact decimal, held as its text in plain notation. */
    DECIMAL {
        @Override
        Object parse(String text) {
            if (isPlainDecimal(text)) {
                return text;
            }
            if (text.length() > MAX_DECIMAL_CHARS) {
                throw new NumberFormatException("longer than " + MAX_DECIMAL_CHARS + " characters");
            }
            BigDecimal value = new BigDecimal(text);
            if (Math.abs((long) value.scale()) > MAX_DECIMAL_CHARS) {
                throw new NumberFormatException("exponent beyond " + MAX_DECIMAL_CHARS);
            }
            return value.toPlainString();
        }
    },
    INTEGER {
        @Override
        Object parse(String text) {
            return Long.valueOf(text);
        }
    },
    FLAG {
        @Override
        Object parse(String text) {
            return switch (text) {
                case "true" -> true;
                case "false" -> false;
                default -> throw new IllegalArgumentException("neither true nor false");
            };
        }
    },
    /** A moment; RFC 3339 in JSON. */
    TIME {
        @Override
        Object parse(String text) {
            try {
                return isMillisOfAUtcTime(text)
                        ? ofMillis(text)
                        : Instant.parse(text).atOffset(ZoneOffset.UTC);
            } catch (DateTimeException e) {
                throw new IllegalArgumentException("not an RFC 3339 time in UTC", e);
            }
        }
    },
    /** A day. */
    DATE {
        @Override
        Object parse(String text) {
            try {
                return LocalDate.parse(text);
            } catch (DateTimeException e) {
                throw new IllegalArgumentException("not a day such as 2026-01-31", e);
            }
        }
    },
    /** A whole JSON document, held as its text. */
    JSON {
        @Override
        Object parse(String text) {
            return text;
        }
    };

    /** Far beyond any price or quantity, far below what could make the exact arithmetic of Postgres explode. */
    static final int MAX_DECIMAL_CHARS = 60;

    /** Whether nothing else could be made of it: digits, a point between them if any, a sign before them if any. */
    private static boolean isPlainDecimal(String text) {
        int from = text.startsWith("-") ? 1 : 0;
        int point = -1;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '.' && point < 0 && i > from) {
                point = i;
            } else if (c < '0' || c > '9') {
                return false;
            }
        }
        boolean needlessZero = text.length() > from + 1 && text.charAt(from) == '0' && point != from + 1;
        return text.length() > from
                && text.length() <= MAX_DECIMAL_CHARS
                && point != text.length() - 1
                && !needlessZero
                && !(from == 1 && text.charAt(1) == '0');
    }

    private static final String MILLIS_FORM = "0000-00-00T00:00:00.000Z";

    /**
     * Whether it is written just as nearly all times are: read digit by digit, it costs a fraction of what a general
     * formatter takes, and there are up to six in every order.
     */
    private static boolean isMillisOfAUtcTime(String text) {
        if (text.length() != MILLIS_FORM.length()) {
            return false;
        }
        for (int i = 0; i < MILLIS_FORM.length(); i++) {
            char wanted = MILLIS_FORM.charAt(i);
            char found = text.charAt(i);
            if (wanted == '0' ? found < '0' || found > '9' : found != wanted) {
                return false;
            }
        }
        return true;
    }

    private static OffsetDateTime ofMillis(String text) {
        return OffsetDateTime.of(
                number(text, 0, 4),
                number(text, 5, 7),
                number(text, 8, 10),
                number(text, 11, 13),
                number(text, 14, 16),
                number(text, 17, 19),
                number(text, 20, 23) * 1_000_000,
                ZoneOffset.UTC);
    }

    private static int number(String text, int from, int to) {
        return Integer.parseInt(text, from, to, 10);
    }

    /** @throws IllegalArgumentException when {@code text} is no such value */
    abstract Object parse(String text);
}
