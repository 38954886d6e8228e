package io.backprop.tabular;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.util.List;

/** Tells by the first bytes of a file what is no text in UTF-8, and skips the mark of what is. */
public final class FileSignatures {

    /** So many are looked at. */
    static final int COUNT = 1 << 10;

    private static final ByteBuffer MARK_OF_UTF_8 = bytes(0xEF, 0xBB, 0xBF);

    /** What begins with certain bytes. */
    private record Format(ByteBuffer bytes, String hint) {}

    private static final List<Format> OTHERS = List.of(
            new Format(bytes(0xFF, 0xFE), "is UTF-16; save it as UTF-8"),
            new Format(bytes(0xFE, 0xFF), "is UTF-16; save it as UTF-8"),
            new Format(bytes(0x00, 0x00, 0xFE, 0xFF), "is UTF-32; save it as UTF-8"),
            new Format(bytes(0x1F, 0x8B), "is compressed by gzip; say so by Content-Encoding: gzip"),
            new Format(bytes('P', 'K', 3, 4), "is a ZIP archive or a spreadsheet; save the table as CSV"),
            new Format(bytes('P', 'A', 'R', '1'), "is a Parquet file; save the table as CSV"),
            new Format(bytes(0xD0, 0xCF, 0x11, 0xE0), "is a spreadsheet; save the table as CSV"));

    private FileSignatures() {}

    /** The whole of a stream, if it does not begin as something else. */
    public static InputStream check(InputStream in) throws IOException {
        byte[] first = in.readNBytes(COUNT);
        check(ByteBuffer.wrap(first));
        return new SequenceInputStream(new ByteArrayInputStream(first), in);
    }

    /** Moves behind a byte order mark of UTF-8, and refuses what is something else. */
    static void check(ByteBuffer bytes) {
        if (beginsWith(bytes, MARK_OF_UTF_8)) {
            bytes.position(bytes.position() + MARK_OF_UTF_8.remaining());
        }
        for (Format format : OTHERS) {
            if (beginsWith(bytes, format.bytes)) {
                throw TableException.unreadable("%s", "a table must be text in UTF-8, but this " + format.hint);
            }
        }
        for (int i = bytes.position(); i < Math.min(bytes.limit(), COUNT); i++) {
            if (bytes.get(i) == 0) {
                throw TableException.unreadable("a table must be text in UTF-8, but this is binary data or UTF-16");
            }
        }
    }

    private static boolean beginsWith(ByteBuffer bytes, ByteBuffer beginning) {
        int length = beginning.remaining();
        return length <= bytes.remaining()
                && bytes.slice(bytes.position(), length).equals(beginning);
    }

    private static ByteBuffer bytes(int... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length);
        for (int value : values) {
            bytes.put((byte) value);
        }
        return bytes.flip().asReadOnlyBuffer();
    }
}
