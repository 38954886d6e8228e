package io.backprop.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/** Tells damage: CRC-32C (Castagnoli) as in RFC 3720. */
final class Checksum {

    private Checksum() {}

    static long of(String text) {
        return of(StandardCharsets.UTF_8.encode(text));
    }

    /** Of what remains of the buffer, which is as it was afterwards. */
    static long of(ByteBuffer bytes) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes.duplicate());
        return checksum.getValue();
    }
}
