package io.backprop.tabular;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Recognizes files that are not text in UTF-8 by their first bytes. */
public final class FileSignatures {

    private static final int LENGTH = 1 << 10; // of what is examined
    private static final String UTF_8_MARK = "\u00EF\u00BB\u00BF"; // as bytes in ISO 8859-1, like all signatures
    private static final Map<String, String> FORMATS = new LinkedHashMap<>();

    static {
        FORMATS.put("\u00FF\u00FE", "is UTF-16; save it as UTF-8");
        FORMATS.put("\u00FE\u00FF", "is UTF-16; save it as UTF-8");
        FORMATS.put("\0\0\u00FE\u00FF", "is UTF-32; save it as UTF-8");
        FORMATS.put("\u001F\u008B", "is compressed with gzip, which its content encoding must say");
        FORMATS.put("PK\3\4", "is a ZIP archive or a spreadsheet; save the table as CSV");
        FORMATS.put("PAR1", "is a Parquet file; save the table as CSV");
        FORMATS.put("\u00D0\u00CF\u0011\u00E0", "is a spreadsheet; save the table as CSV");
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
        ByteBuffer prefix = bytes.slice(0, Math.min(bytes.limit(), LENGTH));
        String first = StandardCharsets.ISO_8859_1.decode(prefix).toString();
        if (first.startsWith(UTF_8_MARK)) {
            bytes.position(UTF_8_MARK.length());
        }
        FORMATS.forEach((signature, format) -> {
            if (first.startsWith(signature)) {
                throw TableException.unreadable("a table must be text in UTF-8, but this %s", format);
            }
        });
        if (first.indexOf('\0') >= 0) {
            throw TableException.unreadable("a table must be text in UTF-8, but this is binary data or UTF-16");
        }
    }
}
