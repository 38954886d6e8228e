package io.backprop.store.format;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/** CRC-32C (Castagnoli), RFC 3720. */
public final class Checksum {

    private Checksum() {}

    /**
     * Checksum of a text in UTF-8.
     *
     * @throws IllegalArgumentException if the text contains an unpaired surrogate, which UTF-8 cannot represent
     */
    public static long of(String text) {
        try {
            return of(StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text)));
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("text must be valid UTF-16, but contains an unpaired surrogate", e);
        }
    }

    /** Checksum of the remaining bytes, whose position does not change. */
    static long of(ByteBuffer bytes) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes.duplicate());
        return checksum.getValue();
    }
}
