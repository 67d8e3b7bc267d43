package io.tradewind.contracts;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads the JSON that nearly every entity is: one object without spaces, names and texts of ASCII without escapes,
 * numbers without exponents, nothing nested. That takes a fraction of what a whole parser does. What is not plainly so,
 * it does not read, and never guesses at: a parser has to look at it, and says what is wrong where something is.
 *
 * <p>Used by one thread, for one document.
 */
final class PlainJson {

    /** In place of a value that is not to be read here: no value of a document, whatever it says. */
    private static final String NOT_PLAIN = new String("not plain");

    /** Larger documents are rare, and bounds of their parts are not for this class to know. */
    private static final int MAX_BYTES = 32 * 1024;

    /** Room for the fields of an order without growing. */
    private static final int MAP_CAPACITY = 64;

    private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FALSE = "false".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);

    private final byte[] in;
    private int at;

    private PlainJson(byte[] in) {
        this.in = in;
    }

    /** @return the fields without the nulls; {@code null} when it is not plain */
    static Map<String, String> read(byte[] json) {
        return json.length > MAX_BYTES ? null : new PlainJson(json).object();
    }

    /** @return the wanted fields, each at its place; {@code null} when the document is not plain */
    static String[] read(byte[] json, FieldNames wanted) {
        if (json.length > MAX_BYTES) {
            return null;
        }
        String[] values = new String[wanted.size()];
        return new PlainJson(json).object(wanted, values) ? values : null;
    }

    /**
     * @return the value of the first field of that name, without a look at what follows; {@code null} when there is none
     *     or it is null; what {@link #isNotPlain} knows when what comes before it is not plain
     */
    static String text(byte[] json, String name) {
        return json.length > MAX_BYTES ? NOT_PLAIN : new PlainJson(json).find(name);
    }

    @SuppressWarnings("ReferenceEquality") // A document may say the same.
    static boolean isNotPlain(String text) {
        return text == NOT_PLAIN;
    }

    private Map<String, String> object() {
        if (!take('{')) {
            return null;
        }
        Map<String, String> fields = new LinkedHashMap<>(MAP_CAPACITY);
        if (!take('}')) {
            do {
                int from = at + 1;
                if (!string() || !take(':')) {
                    return null;
                }
                String name = Names.of(in, from, at - 2);
                String value = value(true);
                if (isNotPlain(value)) {
                    return null;
                }
                if (value != null) {
                    fields.put(name, value);
                }
            } while (take(','));
            if (!take('}')) {
                return null;
            }
        }
        return at == in.length ? fields : null;
    }

    private boolean object(FieldNames wanted, String[] values) {
        if (!take('{')) {
            return false;
        }
        if (!take('}')) {
            do {
                int from = at + 1;
                if (!string() || !take(':')) {
                    return false;
                }
                int place = wanted.place(in, from, at - 2);
                String value = value(place >= 0);
                if (isNotPlain(value)) {
                    return false;
                }
                if (value != null && place >= 0) {
                    values[place] = value;
                }
            } while (take(','));
            if (!take('}')) {
                return false;
            }
        }
        return at == in.length;
    }

    private String find(String name) {
        if (!take('{')) {
            return NOT_PLAIN;
        }
        if (take('}')) {
            return at == in.length ? null : NOT_PLAIN;
        }
        do {
            int from = at + 1;
            if (!string() || !take(':')) {
                return NOT_PLAIN;
            }
            boolean wanted = same(name, in, from, at - 2);
            String value = value(wanted);
            if (wanted || isNotPlain(value)) {
                return value;
            }
        } while (take(','));
        return at == in.length - 1 && in[at] == '}' ? null : NOT_PLAIN;
    }

    /** @param wanted else only whether it is plain */
    private String value(boolean wanted) {
        if (at >= in.length) {
            return NOT_PLAIN;
        }
        int from = at;
        return switch (in[at]) {
            case '"' -> !string() ? NOT_PLAIN : wanted ? ascii(from + 1, at - 1) : null;
            case 't' -> take(TRUE) ? "true" : NOT_PLAIN;
            case 'f' -> take(FALSE) ? "false" : NOT_PLAIN;
            case 'n' -> take(NULL) ? null : NOT_PLAIN;
            default -> !number() ? NOT_PLAIN : wanted ? ascii(from, at) : null;
        };
    }

    private boolean string() {
        if (!take('"')) {
            return false;
        }
        for (int i = at; i < in.length; i++) {
            byte b = in[i];
            if (b == '"') {
                at = i + 1;
                return true;
            }
            // Bytes from 0x80 on are negative.
            if (b < ' ' || b == '\\') {
                return false;
            }
        }
        return false;
    }

    private boolean number() {
        take('-');
        int from = at;
        digits();
        if (at == from || (in[from] == '0' && at > from + 1)) {
            return false;
        }
        if (take('.')) {
            int fraction = at;
            digits();
            if (at == fraction) {
                return false;
            }
        }
        return at < in.length && (in[at] == ',' || in[at] == '}');
    }

    private void digits() {
        while (at < in.length && in[at] >= '0' && in[at] <= '9') {
            at++;
        }
    }

    private boolean take(char wanted) {
        if (at < in.length && in[at] == wanted) {
            at++;
            return true;
        }
        return false;
    }

    private boolean take(byte[] word) {
        if (in.length - at < word.length) {
            return false;
        }
        for (byte wanted : word) {
            if (in[at++] != wanted) {
                return false;
            }
        }
        return true;
    }

    private String ascii(int from, int to) {
        return new String(in, from, to - from, StandardCharsets.ISO_8859_1);
    }

    static boolean same(String name, byte[] in, int from, int to) {
        int length = to - from;
        if (name.length() != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (name.charAt(i) != in[from + i]) {
                return false;
            }
        }
        return true;
    }

    /**
     * Field names, made once: there are a hundred or so, and each is in every document. A place that two names share
     * belongs to the later one, so that foreign documents cannot make it grow. Its races are benign: names are immutable,
     * and each is compared before it is used.
     */
    private static final class Names {

        private static final int PLACES = 1024;
        private static final String[] KNOWN = new String[PLACES];

        private Names() {}

        static String of(byte[] in, int from, int to) {
            int hash = 0;
            for (int i = from; i < to; i++) {
                hash = 31 * hash + in[i];
            }
            int place = (hash ^ hash >>> 10) & (PLACES - 1);
            String known = KNOWN[place];
            if (known != null && same(known, in, from, to)) {
                return known;
            }
            String name = new String(in, from, to - from, StandardCharsets.ISO_8859_1);
            KNOWN[place] = name;
            return name;
        }
    }
}
