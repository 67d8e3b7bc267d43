package io.tradewind.statestore.domain;

/**
 * Unpacks blocks for the readers of one table and remembers the last one, because who asks for one entity of a block
 * often asks for the next. Not thread safe: owned by its table.
 */
final class ColdReads {

    private ColdBlock lastBlock;
    private UnpackedBlock last;
    private long unpacked;

    UnpackedBlock unpack(ColdBlock block) {
        if (block != lastBlock) {
            last = block.unpack();
            lastBlock = block;
            unpacked++;
        }
        return last;
    }

    /** Lets go of the last block. */
    void forget() {
        last = null;
        lastBlock = null;
    }

    /** How often a block had to be unpacked. */
    long unpacked() {
        return unpacked;
    }
}
