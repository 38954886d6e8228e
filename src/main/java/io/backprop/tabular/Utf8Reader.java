package io.backprop.tabular;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/** Decodes UTF-8 strictly: text is never silently replaced, and bytes that are no text are named for what they are. */
final class Utf8Reader extends Reader {
    /*
     * All characters before the first malformed byte are handed out before that is reported, so that the consumer knows
     * in which line it is.
     */

    private static final int BLOCK = 1 << 15;

    private final InputStream in;
    private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder(); // reports, if not told to replace
    private final ByteBuffer bytes = ByteBuffer.allocate(BLOCK).flip();
    private CharBuffer ahead = CharBuffer.allocate(0); // decoded, but not yet read
    private long bytesRead;
    private boolean ended;

    private Utf8Reader(InputStream in) {
        this.in = in;
    }

    /** Reads as far as it takes to see what it is. */
    static Utf8Reader open(InputStream in) throws IOException {
        Utf8Reader reader = new Utf8Reader(in);
        reader.fill(FileSignatures.COUNT);
        FileSignatures.check(reader.bytes);
        return reader;
    }

    /** The first characters, up to a malformed byte; they are still to be read. */
    CharBuffer peek(int most) throws IOException {
        CharBuffer peeked = CharBuffer.allocate(most);
        try {
            int count = 1;
            while (count > 0) {
                count = read(peeked.array(), peeked.position(), peeked.remaining());
                peeked.position(peeked.position() + Math.max(count, 0));
            }
        } catch (TableException e) {
            return keep(peeked); // the byte is met again, and reported, when what comes before it has been read
        }
        return keep(peeked);
    }

    private CharBuffer keep(CharBuffer peeked) {
        ahead = peeked.flip();
        return ahead.asReadOnlyBuffer();
    }

    /** Bytes of the characters handed out so far. */
    long position() {
        return bytesRead - bytes.remaining();
    }

    @Override
    public int read(char[] text, int offset, int length) throws IOException {
        if (ahead.hasRemaining()) {
            int count = Math.min(length, ahead.remaining());
            ahead.get(text, offset, count);
            return count;
        }
        CharBuffer characters = CharBuffer.wrap(text, offset, length);
        while (true) {
            CoderResult result = decoder.decode(bytes, characters, ended);
            int decoded = characters.position() - offset;
            if (decoded > 0 || result.isOverflow()) {
                return decoded; // none if there is room for one, but two belong together
            }
            if (result.isError()) {
                throw TableException.unreadable(
                        "the byte 0x%02X at position %d is not UTF-8; save the table as UTF-8",
                        bytes.get(bytes.position()), position());
            }
            if (ended) {
                return -1;
            }
            fill(1);
        }
    }

    /** Reads at least so many bytes more, if there are so many. */
    private void fill(int least) throws IOException {
        bytes.compact();
        int wanted = bytes.position() + least;
        while (bytes.position() < wanted && !ended) {
            int count = in.read(bytes.array(), bytes.position(), bytes.remaining());
            ended = count < 0;
            if (!ended) {
                bytesRead += count;
                bytes.position(bytes.position() + count);
            }
        }
        bytes.flip();
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
