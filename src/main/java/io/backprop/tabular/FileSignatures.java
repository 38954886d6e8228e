package io.backprop.tabular;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/** Recognizes files that are not text in UTF-8 by their first bytes. */
public final class FileSignatures {

    private static final int LENGTH = 1 << 10; // of what is examined

    private static final ByteBuffer UTF_8_MARK = bytes(0xEF, 0xBB, 0xBF);
    private static final Map<ByteBuffer, String> FORMATS = new LinkedHashMap<>();

    static {
        FORMATS.put(bytes(0xFF, 0xFE), "is UTF-16; save it as UTF-8");
        FORMATS.put(bytes(0xFE, 0xFF), "is UTF-16; save it as UTF-8");
        FORMATS.put(bytes(0x00, 0x00, 0xFE, 0xFF), "is UTF-32; save it as UTF-8");
        FORMATS.put(bytes(0x1F, 0x8B), "is compressed with gzip, which was not declared");
        FORMATS.put(bytes('P', 'K', 3, 4), "is a ZIP archive or a spreadsheet; save the table as CSV");
        FORMATS.put(bytes('P', 'A', 'R', '1'), "is a Parquet file; save the table as CSV");
        FORMATS.put(bytes(0xD0, 0xCF, 0x11, 0xE0), "is a spreadsheet; save the table as CSV");
    }

    private FileSignatures() {}

    /** Returns the whole of a stream, or rejects it if it is not text. */
    public static InputStream check(InputStream in) throws IOException {
        byte[] first = in.readNBytes(LENGTH);
        check(ByteBuffer.wrap(first));
        return new SequenceInputStream(new ByteArrayInputStream(first), in);
    }

    /** Skips a byte order mark of UTF-8, and rejects the first bytes of anything else. */
    static void check(ByteBuffer bytes) {
        if (startsWith(bytes, UTF_8_MARK)) {
            bytes.position(UTF_8_MARK.remaining());
        }
        FORMATS.forEach((signature, format) -> {
            if (startsWith(bytes, signature)) {
                throw TableException.unreadable("a table must be text in UTF-8, but this %s", format);
            }
        });
        for (int i = bytes.position(); i < Math.min(bytes.limit(), LENGTH); i++) {
            if (bytes.get(i) == 0) {
                throw TableException.unreadable("a table must be text in UTF-8, but this is binary data or UTF-16");
            }
        }
    }

    private static boolean startsWith(ByteBuffer bytes, ByteBuffer signature) {
        return signature.mismatch(bytes.slice(0, Math.min(bytes.limit(), signature.limit()))) < 0;
    }

    private static ByteBuffer bytes(int... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length);
        for (int value : values) {
            bytes.put((byte) value);
        }
        return bytes.flip();
    }
}
