-- The tables of PostgresSnapshotStore, made once, in one transaction.
CREATE TABLE state_snapshots (
  id uuid PRIMARY KEY,
  partition smallint NOT NULL,
  version bigint NOT NULL,
  bytes bigint NOT NULL,
  chunks integer NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  set_aside_at timestamptz,
  set_aside_reason text
);
COMMENT ON TABLE state_snapshots IS 'Snapshots of the partitions of the state-store, all of them complete. Format: docs/STORAGE.md.';
COMMENT ON COLUMN state_snapshots.id IS 'Made by the writer before the first try, so that a second try finds what the first one did.';
COMMENT ON COLUMN state_snapshots.partition IS 'Whose state it is.';
COMMENT ON COLUMN state_snapshots.version IS 'The last transaction of the partition that it holds.';
COMMENT ON COLUMN state_snapshots.bytes IS 'Size of all chunks.';
COMMENT ON COLUMN state_snapshots.chunks IS 'How many rows of state_snapshot_chunks it has, numbered from 0.';
COMMENT ON COLUMN state_snapshots.set_aside_at IS 'When it was found damaged; null while it may be used.';
COMMENT ON COLUMN state_snapshots.set_aside_reason IS 'What was wrong with it.';

CREATE INDEX state_snapshots_newest ON state_snapshots (partition, version DESC);

CREATE TABLE state_snapshot_chunks (
  snapshot uuid NOT NULL REFERENCES state_snapshots ON DELETE CASCADE,
  number integer NOT NULL,
  body bytea NOT NULL,
  PRIMARY KEY (snapshot, number)
);
-- Compressed already: Postgres would only try in vain.
ALTER TABLE state_snapshot_chunks ALTER COLUMN body SET STORAGE EXTERNAL;
COMMENT ON TABLE state_snapshot_chunks IS 'The bytes of the snapshots, in pieces.';
COMMENT ON COLUMN state_snapshot_chunks.number IS 'Place of the piece, from 0.';
COMMENT ON COLUMN state_snapshot_chunks.body IS 'Piece of the snapshot, at most 1 MiB.';
