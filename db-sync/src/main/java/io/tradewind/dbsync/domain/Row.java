package io.tradewind.dbsync.domain;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * A change as one row of a bulk statement.
 *
 * @param values in the order of the statement's columns; {@code null} elements are NULL
 */
public record Row(EntityChange change, List<Object> values) {

    public Row {
        // Not List.copyOf: a missing field is a null.
        values = Collections.unmodifiableList(Arrays.asList(values.toArray()));
    }
}
