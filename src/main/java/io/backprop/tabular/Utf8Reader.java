package io.backprop.tabular;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/** Decodes UTF-8 and rejects malformed input. */
final class Utf8Reader extends Reader {
    /*
     * An InputStreamReader throws away the characters before a malformed byte. Here the parser receives them first, so
     * that it knows the line to report (BadTableTests.reportsLineOfMalformedByteFarFromTheBeginning).
     */

    private static final int BLOCK = 1 << 15; // bytes, which stay in the cache

    private final InputStream in;
    private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder(); // reports malformed input
    private final ByteBuffer bytes = ByteBuffer.allocate(BLOCK);
    private long bytesRead;
    private boolean ended;

    /** Reads the first block and rejects input that is not text. */
    Utf8Reader(InputStream in) throws IOException {
        this.in = in;
        bytesRead = in.readNBytes(bytes.array(), 0, BLOCK);
        bytes.limit((int) bytesRead);
        FileSignatures.check(bytes);
    }

    /** What {@link #read} returns first, before it is called. */
    ByteBuffer firstBlock() {
        return bytes.asReadOnlyBuffer();
    }

    /** Number of bytes of the characters returned so far. */
    long position() {
        return bytesRead - bytes.remaining();
    }

    @Override
    public int read(char[] text, int offset, int length) throws IOException {
        CharBuffer characters = CharBuffer.wrap(text, offset, length);
        while (true) {
            CoderResult result = decoder.decode(bytes, characters, ended);
            int decoded = characters.position() - offset;
            if (decoded > 0 || result.isOverflow()) {
                return decoded; // 0 if there is room for one, but a surrogate pair follows
            }
            if (result.isError()) {
                throw TableException.unreadable(
                        "the byte 0x%02X at position %d is not UTF-8; save the table as UTF-8",
                        bytes.get(bytes.position()), position());
            }
            if (ended) {
                return -1;
            }
            bytes.compact();
            int count = in.read(bytes.array(), bytes.position(), bytes.remaining());
            ended = count < 0;
            bytesRead += Math.max(count, 0);
            bytes.position(bytes.position() + Math.max(count, 0)).flip();
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
