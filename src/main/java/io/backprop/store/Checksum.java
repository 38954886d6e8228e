package io.backprop.store;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/** Tells damage: CRC-32C (Castagnoli) as in RFC 3720. */
final class Checksum {

    private Checksum() {}

    /** Of a text that can be stored: one that is not whole would come back as another. */
    static long of(String text) {
        try {
            return of(StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text)));
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("a text with half of a character can't be stored", e);
        }
    }

    /** Of what remains of the buffer, which is as it was afterwards. */
    static long of(ByteBuffer bytes) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes.duplicate());
        return checksum.getValue();
    }
}
