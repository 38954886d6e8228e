package io.backprop.store;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteJDBCLoader;

/** SQLite's native library, which is written to a folder and run from there. */
final class SqliteLibrary {

    private static final Logger log = LoggerFactory.getLogger(SqliteLibrary.class);
    private static final String FOLDER = "org.sqlite.tmpdir";

    private SqliteLibrary() {}

    /**
     * Loads the library, from the folder that the system property says, else from that of the data, else from the one
     * for temporary files: any may be read-only, or forbid to run what is in it.
     */
    static void load(@Nullable Path data) throws IOException {
        List<String> folders = new ArrayList<>();
        String chosen = System.getProperty(FOLDER);
        if (chosen != null) {
            folders.add(chosen);
        }
        if (data != null) {
            removeLeftovers(data);
            folders.add(data.toString());
        }
        folders.add(System.getProperty("java.io.tmpdir"));
        for (String folder : folders) {
            System.setProperty(FOLDER, folder);
            if (isLoaded()) {
                return;
            }
        }
        throw new IOException("SQLite's native library can't be run from any of " + folders);
    }

    /** Of processes that were killed, a megabyte each; where another one still needs its own, Windows keeps it. */
    private static void removeLeftovers(Path folder) throws IOException {
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
