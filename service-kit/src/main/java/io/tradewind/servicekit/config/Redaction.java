package io.tradewind.servicekit.config;

import java.util.regex.Pattern;

/** Hides what must not be read over a shoulder: pure functions. */
public final class Redaction {
    /** What stands in place of a secret. */
    public static final String MASK = "********";

    private static final Pattern URI_PASSWORD = Pattern.compile("([a-zA-Z][a-zA-Z0-9+.-]*://[^\\s:/@]*):[^\\s/@]*@");

    private Redaction() {}

    /** The text with the password of every {@code scheme://user:password@host} in it replaced by the mask. */
    public static String maskUris(String text) {
        return URI_PASSWORD.matcher(text).replaceAll("$1:" + MASK + "@");
    }
}
