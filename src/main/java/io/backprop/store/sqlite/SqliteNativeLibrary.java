package io.backprop.store.sqlite;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteJDBCLoader;

/** SQLite's native library, which the driver extracts to a folder and loads from there. */
final class SqliteNativeLibrary {

    private static final Logger log = LoggerFactory.getLogger(SqliteNativeLibrary.class);
    private static final String FOLDER = "org.sqlite.tmpdir";

    private SqliteNativeLibrary() {}

    /**
     * Loads the library from the folder in the system property {@code org.sqlite.tmpdir}, else from the data folder, else
     * from the folder for temporary files. Each may be read-only or mounted {@code noexec}.
     */
    static void load(@Nullable Path data) throws IOException {
        Set<@Nullable String> folders = new LinkedHashSet<>();
        folders.add(System.getProperty(FOLDER));
        if (data != null) {
            deleteLeftovers(data);
            folders.add(data.toString());
        }
        folders.add(System.getProperty("java.io.tmpdir"));
        for (String folder : folders) {
            if (folder != null) {
                System.setProperty(FOLDER, folder);
                if (isLoaded()) {
                    return;
                }
            }
        }
        throw new IOException("SQLite's native library cannot be loaded from any of " + folders);
    }

    /** Deletes copies of about 1 MB that killed processes left behind. Windows refuses to delete those in use. */
    private static void deleteLeftovers(Path folder) throws IOException {
        try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(folder, "sqlite-*sqlitejdbc*")) {
            for (Path leftover : leftovers) {
                try {
                    Files.delete(leftover);
                } catch (IOException e) {
                    log.debug("{} is in use", leftover);
                }
            }
        }
    }

    private static boolean isLoaded() {
        try {
            return SQLiteJDBCLoader.initialize();
        } catch (Exception | LinkageError e) {
            return false;
        }
    }
}
