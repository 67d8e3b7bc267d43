-- The logs themselves, entry by entry, as the state-store wrote them: Redis keeps only their newest part. Written in the
-- transaction that writes the rows and the offsets, so that an entry is here once, exactly when the offset has passed it.
--
-- One table per week of writing. A week that is older than the retention is dropped as a whole, which costs nothing;
-- deleting its rows one by one would cost as much as writing them did. The week is that of this server's clock when the
-- entry came here, not of the entry: a backlog of days, or an owner with a wrong clock, needs no other table than the
-- one of today. Because of it the primary key has archived_at at its end; that an entry is here once is ensured by the
-- offsets, which are locked and compared by the same transaction.

CREATE TABLE log_archive (
    partition      smallint    NOT NULL,
    first_version  bigint      NOT NULL CHECK (first_version >= 1),
    last_version   bigint      NOT NULL CHECK (last_version >= first_version),
    first_at       timestamptz NOT NULL,
    last_at        timestamptz NOT NULL,
    body           bytea       NOT NULL,
    archived_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (partition, last_version, archived_at)
) PARTITION BY RANGE (archived_at);

-- A body is a compressed frame already: trying to compress it again would only cost time.
ALTER TABLE log_archive ALTER COLUMN body SET STORAGE EXTERNAL;

COMMENT ON TABLE log_archive IS 'Entries of the partition logs, for the history beyond what Redis keeps. Append only; whole weeks leave by retention.';
COMMENT ON COLUMN log_archive.partition IS 'Partition of the log, 0 to 15.';
COMMENT ON COLUMN log_archive.first_version IS 'Version of the first transaction in the entry.';
COMMENT ON COLUMN log_archive.last_version IS 'Version of the last transaction in the entry; the id of the entry in Redis. The next entry begins one behind it.';
COMMENT ON COLUMN log_archive.first_at IS 'When its first transaction was committed.';
COMMENT ON COLUMN log_archive.last_at IS 'When its last transaction was committed.';
COMMENT ON COLUMN log_archive.body IS 'The entry, byte by byte: format, checksum and compressed transactions, see docs/PROTOCOL.md.';
COMMENT ON COLUMN log_archive.archived_at IS 'When it was written here, by the clock of this server; decides the week.';
