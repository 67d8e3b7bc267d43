package io.tradewind.dbsync.domain;

/**
 * A column of a table and where its value comes from: a field of the document, or the change itself.
 *
 * @param field name of the field; {@code null} when it comes from the change
 * @param source {@code null} when it comes from a field
 */
public record Column(String name, ColumnType type, String field, Source source) {

    /** Where a value comes from that is in no field. */
    @FunctionalInterface
    interface Source {
        /** @return the value in the Java type of the column, or {@code null} */
        Object value(EntityChange change);
    }

    /** A column filled from the field of the same name; NULL when the document has none. */
    static Column field(String name, ColumnType type) {
        return field(name, name, type);
    }

    /** A column filled from the field {@code field}; NULL when the document has none. */
    static Column field(String name, String field, ColumnType type) {
        return new Column(name, type, field, null);
    }

    /** A column filled from what is known of the change without its document. */
    static Column of(String name, ColumnType type, Source source) {
        return new Column(name, type, null, source);
    }

    /**
     * @param text of the field; {@code null} when there is none
     * @return the value in the Java type of the column, or {@code null}
     * @throws BadRowException when the field does not fit the column
     */
    Object value(EntityChange change, String text) {
        if (field == null) {
            return source.value(change);
        }
        if (text == null) {
            return null;
        }
        try {
            return type.parse(text);
        } catch (IllegalArgumentException e) {
            throw new BadRowException(
                    "column " + name + ": '" + excerpt(text) + "' is not a " + type + " (" + e.getMessage() + ")", e);
        }
    }

    private static String excerpt(String text) {
        return text.length() <= ColumnType.MAX_DECIMAL_CHARS
                ? text
                : text.substring(0, ColumnType.MAX_DECIMAL_CHARS) + "…";
    }
}
