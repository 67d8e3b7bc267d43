package io.tradewind.dbsync.domain;

import java.util.Map;

/** A column of a table and where its value comes from. */
public record Column(String name, ColumnType type, Source source) {

    /** Where a value comes from. */
    @FunctionalInterface
    interface Source {
        /**
         * @param fields the scalar fields of the document, empty for a delete
         * @return the value in the Java type of the column, or {@code null}
         */
        Object value(EntityChange change, Map<String, String> fields);
    }

    /** A column filled from the field of the same name; NULL when the document has none. */
    static Column field(String name, ColumnType type) {
        return field(name, name, type);
    }

    /** A column filled from the field {@code field}; NULL when the document has none. */
    static Column field(String name, String field, ColumnType type) {
        return new Column(name, type, (change, fields) -> {
            String text = fields.get(field);
            if (text == null) {
                return null;
            }
            try {
                return type.parse(text);
            } catch (IllegalArgumentException e) {
                throw new BadRowException(
                        "column " + name + ": '" + excerpt(text) + "' is not a " + type + " (" + e.getMessage() + ")",
                        e);
            }
        });
    }

    private static String excerpt(String text) {
        return text.length() <= ColumnType.MAX_DECIMAL_CHARS
                ? text
                : text.substring(0, ColumnType.MAX_DECIMAL_CHARS) + "…";
    }
}
