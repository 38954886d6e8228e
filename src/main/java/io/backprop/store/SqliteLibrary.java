package io.backprop.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteJDBCLoader;

/** SQLite's native library, which is written to a folder and run from there. */
final class SqliteLibrary {

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

    private static boolean isLoaded() {
        try {
            return SQLiteJDBCLoader.initialize();
        } catch (Exception | LinkageError e) {
            return false;
        }
    }
}
