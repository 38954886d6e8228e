package io.backprop.interchange.web;

import static io.backprop.interchange.ModelFileException.require;
import static io.backprop.interchange.web.ArchiveWriter.DESCRIPTION;
import static io.backprop.interchange.web.ArchiveWriter.PARAMETERS;

import io.backprop.engine.Network;
import io.backprop.engine.NetworkSpec;
import io.backprop.interchange.ModelDescription;
import io.backprop.interchange.ModelDescriptions;
import io.backprop.interchange.ModelFileException;
import io.backprop.limits.MemoryBudget;
import io.backprop.model.Model;
import io.backprop.model.ModelService;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Reads the archives of {@link ArchiveWriter}. */
@Component
class ArchiveReader {
    /*
     * An archive may come from an untrusted source. It is read as a stream, and nothing is unpacked to a disk. Entries are
     * not compressed, so that an archive cannot become larger. The description comes first, so that its limits are checked
     * before memory is allocated for the parameters, whose number it determines. The central directory, which other
     * programs would read, must follow the second entry and have no other.
     */

    private static final int MAX_DESCRIPTION = 16 << 20; // bytes
    private static final int MEMORY_PER_BYTE = 20; // an empty string of a list has three bytes and becomes an object

    private final ModelDescriptions descriptions;
    private final ModelService models;
    private final MemoryBudget memory;

    ArchiveReader(ModelDescriptions descriptions, ModelService models, MemoryBudget memory) {
        this.descriptions = descriptions;
        this.models = models;
        this.memory = memory;
    }

    /**
     * Reads a model that can be imported.
     *
     * @param id null for that of the archive
     * @throws ModelFileException if the archive is invalid
     */
    Model read(InputStream archive, @Nullable String id) throws IOException {
        MeasuredStream measured = new MeasuredStream(archive);
        ZipInputStream zip = new ZipInputStream(measured);
        try {
            ModelDescription description = descriptions.read(readDescription(zip));
            Model described =
                    id == null ? description.model() : description.model().withId(id);
            models.requireImportable(described);
            List<Network> networks = readParameters(zip, description);
            requireEnd(zip, measured);
            return new ModelDescription(described, description.networks(), description.temperature())
                    .withNetworks(networks);
        } catch (ZipException | EOFException e) {
            throw new ModelFileException("the archive is not a complete ZIP file: " + e.getMessage(), e);
        }
    }

    private String readDescription(ZipInputStream zip) throws IOException {
        long length = nextEntry(zip, DESCRIPTION, MAX_DESCRIPTION);
        memory.acquire(MEMORY_PER_BYTE * length);
        byte[] json = zip.readNBytes((int) length);
        requireEndOfEntry(zip);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(json))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new ModelFileException(DESCRIPTION + " must be UTF-8", e);
        }
    }

    private List<Network> readParameters(ZipInputStream zip, ModelDescription description) throws IOException {
        NetworkSpec spec = description.networkSpec().orElse(null);
        Safetensors parameters = Safetensors.of(spec, description.networks());
        long length = nextEntry(zip, PARAMETERS, parameters.maxLength());
        memory.acquire(2 * length); // each network is copied once
        List<Network> networks = parameters.read(zip, PARAMETERS, length, spec);
        requireEndOfEntry(zip);
        return networks;
    }

    /** Returns the length of the next entry. */
    private static long nextEntry(ZipInputStream zip, String name, long maxLength) throws IOException {
        ZipEntry entry;
        try {
            entry = zip.getNextEntry();
        } catch (IllegalArgumentException e) { // its name is not UTF-8
            throw new ModelFileException("the archive must have entries with names in UTF-8", e);
        }
        String expected =
                "the archive must have two entries, %s and %s, in this order, ".formatted(DESCRIPTION, PARAMETERS);
        if (entry == null) {
            throw new ModelFileException(expected + "but %s is missing".formatted(name));
        }
        require(entry.getName().equals(name), expected + "but has another in place of %s", name);
        require(
                entry.getMethod() == ZipEntry.STORED && entry.getCompressedSize() == entry.getSize(),
                "the archive must have entries without compression (zip -0), but %s is compressed",
                name);
        require(
                entry.getSize() <= maxLength,
                "%s must have at most %d bytes, but has %d",
                name,
                maxLength,
                entry.getSize());
        return entry.getSize();
    }

    /** Lets the stream compare the checksum of an entry. */
    private static void requireEndOfEntry(ZipInputStream zip) throws IOException {
        require(zip.read() < 0, "the archive has entries that are longer than they say");
    }

    private static void requireEnd(ZipInputStream zip, MeasuredStream measured) throws IOException {
        long end = measured.length;
        require(zip.getNextEntry() == null, "the archive must have two entries, but has more");
        measured.readToEnd();
        require(
                measured.isCentralDirectory(end),
                "the archive is not a complete ZIP file: its central directory must follow its two entries and end it");
    }

    /** Keeps the end of a ZIP file. */
    private static final class MeasuredStream extends FilterInputStream {

        private static final int END_RECORD = 22; // bytes
        private static final int SIGNATURE = 0x06054b50;
        private static final int MAX_DIRECTORY = 1 << 16;

        private final byte[] last = new byte[END_RECORD]; // a ring
        private long length;

        MeasuredStream(InputStream source) {
            super(source);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int count) throws IOException {
            int read = in.read(buffer, offset, count);
            for (int i = Math.max(0, read - END_RECORD); i < read; i++) {
                last[(int) ((length + i) % END_RECORD)] = buffer[offset + i];
            }
            length += Math.max(0, read);
            return read;
        }

        void readToEnd() throws IOException {
            readNBytes(MAX_DIRECTORY);
        }

        /** Whether the directory of two entries begins at a place and ends the file. */
        boolean isCentralDirectory(long begin) throws IOException {
            ByteBuffer record = ByteBuffer.allocate(END_RECORD).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < END_RECORD; i++) {
                record.put(last[(int) ((length + i) % END_RECORD)]);
            }
            record.flip();
            boolean isRecord = record.getInt() == SIGNATURE
                    && record.getInt() == 0 // disks
                    && record.getShort() == 2 // entries on this disk
                    && record.getShort() == 2;
            long size = Integer.toUnsignedLong(record.getInt());
            return isRecord
                    && Integer.toUnsignedLong(record.getInt()) == begin
                    && begin + size + END_RECORD == length
                    && read() < 0;
        }
    }
}
