package io.backprop.web.server;

import io.backprop.web.problem.ProblemType;
import io.backprop.web.problem.UnreadableBodyException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;

/**
 * Decompresses a body whose {@code Content-Encoding} is deflate: the zlib format (RFC 1950) or, as some clients send, its
 * content alone (RFC 1951).
 */
final class DeflateBody extends InflaterInputStream {

    private static final int BUFFER_SIZE = 8192;
    private static final int HEADER_LENGTH = 2;
    private static final int METHOD = 0x0f; // bits of the first byte
    private static final int DEFLATE = 8;
    private static final int CHECK = 31; // divides the header of zlib

    private final LimitedStream source;
    private final CompressionRatio ratio;

    private DeflateBody(InputStream in, boolean hasHeader, LimitedStream source, CompressionRatio ratio) {
        super(in, new Inflater(!hasHeader), BUFFER_SIZE);
        this.source = source;
        this.ratio = ratio;
    }

    /** Opens a body. */
    static InputStream open(LimitedStream source, CompressionRatio ratio) throws IOException {
        byte[] header = source.readNBytes(HEADER_LENGTH);
        PushbackInputStream in = new PushbackInputStream(source, HEADER_LENGTH);
        in.unread(header);
        return new DeflateBody(in, isZlib(header), source, ratio);
    }

    private static boolean isZlib(byte[] header) {
        return header.length == HEADER_LENGTH
                && (header[0] & METHOD) == DEFLATE
                && (((header[0] & 0xff) << Byte.SIZE) | (header[1] & 0xff)) % CHECK == 0;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        try {
            int count = super.read(buffer, offset, length);
            if (count >= 0) {
                ratio.add(count, source.count());
            } else if (inf.getRemaining() > 0 || in.read() >= 0) {
                throw invalid("data after its end");
            }
            return count;
        } catch (ZipException e) {
            throw invalid(String.valueOf(e.getMessage()));
        } catch (EOFException e) { // which would be taken for a client that has disconnected
            throw source.failure() == null ? invalid("truncated") : e;
        }
    }

    private static UnreadableBodyException invalid(String reason) {
        return new UnreadableBodyException(ProblemType.UNREADABLE_BODY, "the body is not valid deflate: " + reason);
    }
}
