package io.backprop.driver;

import io.backprop.engine.InvalidArgumentException;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * A JSON document with binary data, as the body of a request or of its response, or as a file.
 *
 * <pre>
 * 4   n, the length of the header in bytes
 * n   header, JSON in UTF-8
 * 8   m, the length of the payload in bytes
 * m   payload, as its header describes
 * 4   CRC-32C of all preceding bytes
 * </pre>
 *
 * <p>All numbers are big-endian. Nothing is allocated for a length that was announced but has not been checked or received.
 */
public final class Packet {

    public static final int MAX_HEADER = 16 << 20; // bytes

    private Packet() {}

    /** Writes a payload. */
    @FunctionalInterface
    public interface PayloadWriter {
        void write(DataOutputStream out) throws IOException;
    }

    /**
     * Reads a payload.
     *
     * @param <H> type of the header
     * @param <T> type of the result
     */
    @FunctionalInterface
    public interface PayloadReader<H, T> {
        /**
         * Reads the whole payload.
         *
         * @param length of the payload in bytes, to be checked before memory is allocated
         */
        T read(H header, long length, DataInputStream in) throws IOException;
    }

    /** The bytes are not a packet: they were truncated or altered, or their header has other fields or values. */
    public static final class MalformedException extends RuntimeException {

        private static final long serialVersionUID = 1;

        MalformedException(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /**
     * Writes a packet. The stream is not closed.
     *
     * @param length of the payload in bytes
     */
    public static void write(OutputStream stream, Object header, long length, PayloadWriter payload)
            throws IOException {
        CheckedOutputStream checked = new CheckedOutputStream(stream, new CRC32C());
        DataOutputStream out = new DataOutputStream(checked);
        byte[] json = DriverDocuments.write(header);
        out.writeInt(json.length);
        out.write(json);
        out.writeLong(length);
        payload.write(out);
        out.writeInt((int) checked.getChecksum().getValue());
        out.flush();
    }

    /** The length in bytes of a packet with this header and a payload of that length. */
    public static long length(Object header, long payload) {
        return 2L * Integer.BYTES + Long.BYTES + DriverDocuments.write(header).length + payload;
    }

    /**
     * Reads a packet from an untrusted source, to the end of the stream, which is not closed.
     *
     * @throws MalformedException if it is not a packet with this header
     * @throws InvalidArgumentException if the payload violates a rule
     */
    public static <H, T> T read(InputStream stream, Class<H> header, PayloadReader<H, T> payload) throws IOException {
        ChecksumStream checked = new ChecksumStream(stream);
        DataInputStream in = new DataInputStream(checked);
        try {
            H read = readHeader(in, header);
            long length = in.readLong();
            long first = checked.count;
            T result = payload.read(read, length, in);
            if (checked.count - first != length) {
                throw malformed("its payload must have %d bytes, but %d were announced"
                        .formatted(checked.count - first, length));
            }
            int sum = (int) checked.checksum.getValue();
            if (in.readInt() != sum) {
                throw malformed("its checksum does not match");
            }
            if (in.read() >= 0) {
                throw malformed("bytes follow its end");
            }
            return result;
        } catch (EOFException e) {
            throw new MalformedException("the packet is truncated", e);
        }
    }

    private static <H> H readHeader(DataInputStream in, Class<H> type) throws IOException {
        int length = in.readInt();
        if (length < 2 || length > MAX_HEADER) {
            throw malformed("its header must have 2 to %d bytes, but %d were announced".formatted(MAX_HEADER, length));
        }
        byte[] json = in.readNBytes(length); // grows with what is received
        if (json.length < length) {
            throw new EOFException();
        }
        try {
            return DriverDocuments.read(json, type);
        } catch (JacksonException e) {
            if (e.getCause() instanceof InvalidArgumentException invalid) {
                throw invalid;
            }
            throw new MalformedException("the packet is malformed: its header must be a " + type.getSimpleName(), e);
        }
    }

    private static MalformedException malformed(String reason) {
        return new MalformedException("the packet is malformed: " + reason, null);
    }

    /** Counts bytes and computes their checksum. */
    private static final class ChecksumStream extends FilterInputStream {

        private final CRC32C checksum = new CRC32C();
        private long count;

        ChecksumStream(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int next = in.read();
            if (next >= 0) {
                checksum.update(next);
                count++;
            }
            return next;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int received = in.read(bytes, offset, length);
            if (received > 0) {
                checksum.update(bytes, offset, received);
                count += received;
            }
            return received;
        }

        @Override
        public long skip(long n) {
            throw new UnsupportedOperationException("every byte is read");
        }

        @Override
        public boolean markSupported() {
            return false;
        }
    }
}
