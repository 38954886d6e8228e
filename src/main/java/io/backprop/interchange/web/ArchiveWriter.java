package io.backprop.interchange.web;

import io.backprop.engine.Ensemble;
import io.backprop.model.Model;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Writes a version of a model as an archive: a ZIP file of two entries, which are stored without compression and in this
 * order. {@value #DESCRIPTION} describes the version, {@value #PARAMETERS} has its parameters as {@link Safetensors}, none in
 * version 0. Equal versions give equal bytes.
 */
final class ArchiveWriter {

    static final String DESCRIPTION = "model.json";
    static final String PARAMETERS = "parameters.safetensors";

    private static final LocalDateTime TIME = LocalDateTime.of(1980, 1, 1, 0, 0); // the earliest that ZIP has

    private final byte[] description;
    private final @Nullable Ensemble ensemble;
    private final Safetensors parameters;
    private final byte[] header; // of the parameters

    /** @param description as JSON */
    ArchiveWriter(Model model, String description) {
        this.description = description.getBytes(StandardCharsets.UTF_8);
        this.ensemble = model.ensemble();
        this.parameters = Safetensors.of(
                ensemble == null ? null : ensemble.spec(),
                ensemble == null ? 0 : ensemble.networks().size());
        this.header = parameters.header();
    }

    void write(OutputStream out) throws IOException {
        ZipOutputStream zip = new ZipOutputStream(out);
        write(zip, DESCRIPTION, description.length, body -> body.write(description));
        write(zip, PARAMETERS, header.length + parameters.contentLength(), body -> {
            body.write(header);
            if (ensemble != null) {
                parameters.writeContent(ensemble, body);
            }
        });
        zip.finish();
    }

    private interface Content {
        void writeTo(OutputStream body) throws IOException;
    }

    /** Writes an entry twice: ZIP has its checksum before its content. */
    private static void write(ZipOutputStream zip, String name, long length, Content content) throws IOException {
        CheckedOutputStream check = new CheckedOutputStream(OutputStream.nullOutputStream(), new CRC32());
        content.writeTo(check);
        ZipEntry entry = new ZipEntry(name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(length);
        entry.setCrc(check.getChecksum().getValue());
        entry.setTimeLocal(TIME);
        zip.putNextEntry(entry);
        content.writeTo(zip);
        zip.closeEntry();
    }

    /** The length of the archive. */
    long length() throws IOException {
        long contents = description.length + header.length + parameters.contentLength();
        return contents + frameLength();
    }

    private static long frameLength() throws IOException {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        ZipOutputStream zip = new ZipOutputStream(frame);
        write(zip, DESCRIPTION, 0, body -> {});
        write(zip, PARAMETERS, 0, body -> {});
        zip.finish();
        return frame.size();
    }
}
