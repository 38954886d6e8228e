package io.backprop.store.sqlite;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** SQLite's native library, which the driver extracts to a folder and loads from there. */
final class SqliteNativeLibrary {

    private static final Logger log = LoggerFactory.getLogger(SqliteNativeLibrary.class);
    private static final String FOLDER = "org.sqlite.tmpdir";

    private SqliteNativeLibrary() {}

    /**
     * Makes the driver use a folder unless the system property {@code org.sqlite.tmpdir} names one. The driver's
     * default, the folder for temporary files, is often mounted {@code noexec}. Copies that killed processes left
     * behind are deleted (SqliteDataSourceTests).
     */
    static void extractTo(Path folder) throws IOException {
        if (System.getProperty(FOLDER) == null) {
            System.setProperty(FOLDER, folder.toString());
        }
        try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(folder, "sqlite-*sqlitejdbc*")) {
            for (Path leftover : leftovers) {
                try {
                    Files.delete(leftover);
                } catch (IOException e) { // on Windows
                    log.debug("{} is in use", leftover);
                }
            }
        }
    }
}
