package io.tradewind.statestore.domain;

import java.nio.charset.StandardCharsets;

/**
 * Finds one text field at the top of a JSON object without parsing the rest. Much cheaper than a parser, which matters
 * because a rule looks at every old document of its domain; what it does not understand it takes as not there. Pure.
 */
final class JsonField {

    private JsonField() {}

    /**
     * The value of a field of the outermost object.
     *
     * @param name of the field, in UTF-8, without anything that JSON escapes
     * @return {@code null} when there is no such field, when it is not text, or when its text has an escape in it
     */
    static String text(byte[] json, byte[] name) {
        int depth = 0;
        int i = 0;
        while (i < json.length) {
            byte c = json[i];
            if (c == '"') {
                int end = endOfText(json, i);
                int next = skipSpace(json, end + 1);
                if (depth == 1 && next < json.length && json[next] == ':' && isName(json, i + 1, end, name)) {
                    return valueAt(json, skipSpace(json, next + 1));
                }
                i = end;
            } else if (c == '{' || c == '[') {
                depth++;
            } else if (c == '}' || c == ']') {
                depth--;
            }
            i++;
        }
        return null;
    }

    private static String valueAt(byte[] json, int from) {
        if (from >= json.length || json[from] != '"') {
            return null;
        }
        int end = endOfText(json, from);
        if (end >= json.length) {
            return null;
        }
        for (int i = from + 1; i < end; i++) {
            if (json[i] == '\\') {
                return null;
            }
        }
        return new String(json, from + 1, end - from - 1, StandardCharsets.UTF_8);
    }

    /** Where the closing quote of the text that begins at {@code from} is; the end of all when there is none. */
    private static int endOfText(byte[] json, int from) {
        int i = from + 1;
        while (i < json.length && json[i] != '"') {
            i += json[i] == '\\' ? 2 : 1;
        }
        return Math.min(i, json.length);
    }

    private static int skipSpace(byte[] json, int from) {
        int i = from;
        while (i < json.length && (json[i] == ' ' || json[i] == '\n' || json[i] == '\r' || json[i] == '\t')) {
            i++;
        }
        return i;
    }

    private static boolean isName(byte[] json, int from, int end, byte[] name) {
        if (end - from != name.length) {
            return false;
        }
        for (int i = 0; i < name.length; i++) {
            if (json[from + i] != name[i]) {
                return false;
            }
        }
        return true;
    }
}
