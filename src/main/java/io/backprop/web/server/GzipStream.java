package io.backprop.web.server;

import io.backprop.web.problem.ProblemType;
import io.backprop.web.problem.UnreadableBodyException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Unpacks gzip (RFC 1952), of one member or several. */
final class GzipStream extends InputStream {
    /*
     * Not the JDK's GZIPInputStream, which takes a pause of the network after a member for the end of the stream, and a
     * damaged member after the first for something that may be left out; nor that of commons-compress, which keeps a
     * member's name and comment in memory, however long they are.
     */

    private static final int MAGIC = 0x8b1f;
    private static final int DEFLATE = 8;
    private static final int HEADER_CHECKSUM = 2;
    private static final int EXTRA_FIELD = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;
    private static final int RESERVED = 0xe0;

    private final InputStream source;
    private final Inflater inflater = new Inflater(true);
    private final CRC32 checksum = new CRC32(); // of what was unpacked of the member
    private final byte[] packed = new byte[8192];
    private int next; // of packed, outside of a member's data
    private int end;
    private boolean inMember;
    private int members;

    GzipStream(InputStream source) {
        this.source = source;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (inMember || beginMember()) {
            int unpacked = inflate(bytes, offset, length);
            if (unpacked > 0) {
                checksum.update(bytes, offset, unpacked);
                return unpacked;
            }
            if (inflater.finished()) {
                endMember();
            } else if (inflater.needsInput()) {
                require(fill(), "ends before it should");
                inflater.setInput(packed, 0, end);
            } else {
                throw damaged("is damaged");
            }
        }
        return -1;
    }

    private int inflate(byte[] bytes, int offset, int length) throws IOException {
        try {
            return inflater.inflate(bytes, offset, length);
        } catch (DataFormatException e) {
            throw damaged("is damaged");
        }
    }

    /** Reads a member's header; false at the end of the stream. */
    private boolean beginMember() throws IOException {
        if (next == end && !fill()) {
            require(members > 0, "is empty");
            return false;
        }
        String otherwise = members == 0 ? "is no gzip" : "is followed by something else";
        require(readShort() == MAGIC, otherwise);
        require(readByte() == DEFLATE, otherwise);
        int flags = readByte();
        require((flags & RESERVED) == 0, "is of an unknown kind");
        skip(6); // time, compression level, operating system
        if ((flags & EXTRA_FIELD) != 0) {
            skip(readShort());
        }
        skipText((flags & NAME) != 0);
        skipText((flags & COMMENT) != 0);
        skip((flags & HEADER_CHECKSUM) == 0 ? 0 : 2);
        inflater.reset();
        inflater.setInput(packed, next, end - next);
        checksum.reset();
        members++;
        inMember = true;
        return true;
    }

    private void endMember() throws IOException {
        next = end - inflater.getRemaining();
        long expected = readShort() | (long) readShort() << 16;
        long length = readShort() | (long) readShort() << 16;
        require(expected == checksum.getValue(), "is damaged: its checksum is another one");
        require(length == (inflater.getBytesWritten() & 0xffffffffL), "is damaged: its length is another one");
        inMember = false;
    }

    private void skipText(boolean present) throws IOException {
        while (present && readByte() != 0) {}
    }

    private void skip(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            readByte();
        }
    }

    private int readShort() throws IOException {
        return readByte() | readByte() << 8;
    }

    private int readByte() throws IOException {
        require(next < end || fill(), "ends before it should");
        return packed[next++] & 0xff;
    }

    private boolean fill() throws IOException {
        next = 0;
        end = Math.max(0, source.read(packed, 0, packed.length));
        return end > 0;
    }

    private static void require(boolean rule, String otherwise) throws UnreadableBodyException {
        if (!rule) {
            throw damaged(otherwise);
        }
    }

    private static UnreadableBodyException damaged(String how) {
        return new UnreadableBodyException(ProblemType.UNREADABLE_BODY, "the body's gzip " + how);
    }

    /** Gives back memory that is not the heap's. */
    void end() {
        inflater.end();
    }
}
