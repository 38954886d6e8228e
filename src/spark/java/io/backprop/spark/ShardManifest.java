package io.backprop.spark;

import io.backprop.driver.DriverDocuments;
import io.backprop.driver.Packet;
import io.backprop.driver.Preparation;
import io.backprop.engine.InvalidArgumentException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * Lists the files of a prepared table. It is written last, as a {@link Packet} without payload: without it, the files are
 * incomplete.
 *
 * @param preparation SHA-256 of the {@link Preparation} that the rows were encoded by
 * @param shards of which each has a file
 * @param validation the file of the rows for validation
 */
record ShardManifest(
        String preparation, ShardFile.Shape shape, List<ShardFile.Entry> shards, ShardFile.Entry validation) {

    static final String FILE = "manifest";

    ShardManifest {
        shards = List.copyOf(shards);
    }

    static String hash(Preparation preparation) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(DriverDocuments.write(preparation)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The number of rows for training. */
    long rows() {
        return shards.stream().mapToLong(ShardFile.Entry::rows).sum();
    }

    /** The files of all shards, then that of the rows for validation. */
    List<ShardFile.Entry> entries() {
        return Stream.concat(shards.stream(), Stream.of(validation)).toList();
    }

    void write(Path folder, Configuration hadoop) throws IOException {
        FileSystem files = folder.getFileSystem(hadoop);
        Path aside = new Path(folder, "." + FILE);
        try (OutputStream out = files.create(aside, true)) {
            Packet.write(out, this, 0, payload -> {});
        }
        Path file = new Path(folder, FILE);
        files.delete(file, false);
        if (!files.rename(aside, file)) {
            throw new IOException("%s could not be renamed to %s".formatted(aside, file));
        }
    }

    /** Reads the manifest of a folder; null if it is missing or damaged. */
    static @Nullable ShardManifest read(Path folder, Configuration hadoop) throws IOException {
        Path file = new Path(folder, FILE);
        try (InputStream in = file.getFileSystem(hadoop).open(file)) {
            return Packet.read(in, ShardManifest.class, (manifest, length, payload) -> manifest);
        } catch (FileNotFoundException | ChecksumException | Packet.MalformedException | InvalidArgumentException e) {
            return null;
        }
    }
}
