package io.tradewind.statestore.domain;

import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdDictCompress;
import com.github.luben.zstd.ZstdDictDecompress;

/**
 * What the documents of one domain have in common, so that a block does not have to hold it. Immutable, any thread. Its
 * native memory, some hundred kilobytes, is freed when the last block that needs it is gone.
 */
final class ColdDictionary {

    private final ZstdDictCompress compress;
    private final ZstdDictDecompress decompress;

    ColdDictionary(byte[] trained) {
        compress = new ZstdDictCompress(trained, BlockFormat.LEVEL);
        decompress = new ZstdDictDecompress(trained);
    }

    void prepare(ZstdCompressCtx compressor) {
        compressor.loadDict(compress);
    }

    void prepare(ZstdDecompressCtx decompressor) {
        decompressor.loadDict(decompress);
    }
}
