package io.tradewind.statestore.snapshot;

import io.tradewind.contracts.state.LogCodec;
import java.nio.charset.StandardCharsets;

/**
 * The bytes of a snapshot, wherever they are kept. All fixed numbers are big endian; varint, text, bytes and list are
 * those of {@link io.tradewind.contracts.wire.WireWriter}. docs/STORAGE.md says the same byte by byte.
 *
 * <pre>
 *   +--------------------------------------------------------------+
 *   | magic 8 | format 1 | header length 4 | header ... | check 4  |   once
 *   +--------------------------------------------------------------+
 *   | kind 1 = 1 or 2 | count 4 | raw length 4 | stored length 4   |   any number of frames,
 *   | one zstd frame, stored length bytes ...          | check 4  |   of about 1 MiB before compression
 *   +--------------------------------------------------------------+
 *   | kind 1 = 3 | entities 8 | transaction ids 8      | check 4  |   once, then nothing more
 *   +--------------------------------------------------------------+
 *
 *   header            varint partition, varint version, varint timeMs, list of (text domain, varint schema version)
 *                     in text order of the domains
 *   body of kind 1    per entity: text domain, text partition key, text id, varint version, varint timeMs, bytes json
 *   body of kind 2    per transaction: text id, varint version
 *   check             CRC-32C of every byte of the snapshot before it, earlier checks left out
 * </pre>
 *
 * Because each check goes back to the first byte, a frame that was flipped, cut, dropped, doubled, moved or taken from
 * another snapshot is noticed where it happens, and before it is decompressed. The checks leave each other out because
 * a CRC that runs over an earlier CRC can forget what that one stood for. The counts at the end find a snapshot that
 * was cut between two frames; the nothing behind them finds what was added.
 *
 * <p>Magic, format, header length and check stay where they are in every later format, so that a program can tell a
 * newer snapshot from a damaged one. Nothing here is written in more than one way: the same state gives the same bytes,
 * as far as zstd does.
 */
final class SnapshotFormat {

    /** No text file starts so, and a transfer that changes line ends or drops the eighth bit breaks it. */
    static final byte[] MAGIC = "\u0089TWS\r\n\u001a\n".getBytes(StandardCharsets.ISO_8859_1);

    static final int FORMAT = 1;

    static final int KIND_ENTITIES = 1;
    static final int KIND_TRANSACTIONS = 2;
    static final int KIND_END = 3;

    /** Kind, count, raw length, stored length. */
    static final int FRAME_HEAD_BYTES = 1 + 3 * Integer.BYTES;

    /** The end behind its kind, without the check: entities and transaction ids. */
    static final int END_BYTES = 2 * Long.BYTES;

    /** The schema versions of some thousand domains. */
    static final int MAX_HEADER_BYTES = 64 * 1024;

    /** A frame is closed as soon as it has so many bytes before compression: enough for zstd, little to hold. */
    static final int FRAME_TARGET_BYTES = 1024 * 1024;

    /** One entity as large as the log can bring it, with its version and time; so much for the largest document. */
    static final int MAX_ITEM_BYTES = LogCodec.MAX_BODY_BYTES + 1024;

    /** Largest frame before compression: almost full, and then the largest entity. */
    static final int MAX_FRAME_BYTES = FRAME_TARGET_BYTES + MAX_ITEM_BYTES;

    /** What zstd makes of incompressible bytes, at worst. */
    static final int MAX_STORED_BYTES = MAX_FRAME_BYTES + MAX_FRAME_BYTES / 256 + 64 * 1024;

    private SnapshotFormat() {}
}
