package io.tradewind.dbsync.domain;

/**
 * A change that could not become a row, with all that is needed to find out why and to try again.
 *
 * @param sqlState what Postgres called it; {@code null} when the document did not even reach Postgres
 */
public record DeadLetter(EntityChange change, String sqlState, String reason) {}
