package io.tradewind.dbsync.postgres;

/** Text for where no text may be refused. Pure. */
final class StorableText {

    private static final char NUL = '\u0000';
    private static final char REPLACEMENT = '\uFFFD';

    private StorableText() {}

    /** Postgres cannot store the character NUL in text: another one stands for it. {@code null} stays so. */
    static String of(String text) {
        return text == null || text.indexOf(NUL) < 0 ? text : text.replace(NUL, REPLACEMENT);
    }
}
