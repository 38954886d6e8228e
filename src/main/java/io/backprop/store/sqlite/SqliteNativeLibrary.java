package io.backprop.store.sqlite;

import static java.util.Objects.requireNonNull;

import io.backprop.security.PrivateFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.LibraryLoaderUtil;

/**
 * SQLite's native library, extracted from the driver to the folder of the database and kept there. By default, the driver
 * would extract it at each start, to the folder for temporary files, which is often mounted {@code noexec}; it would leave
 * a copy behind whenever the process is killed (KillTests), and could not start on a full disk (FullDiskTests).
 */
final class SqliteNativeLibrary {

    private static final Logger log = LoggerFactory.getLogger(SqliteNativeLibrary.class);
    private static final String PATH = "org.sqlite.lib.path";

    private SqliteNativeLibrary() {}

    /** Extracts the library, unless a system property of the driver names another place. */
    static void extractTo(Path folder) {
        if (System.getProperty(PATH) != null || System.getProperty("org.sqlite.tmpdir") != null) {
            return;
        }
        String name = LibraryLoaderUtil.getNativeLibName();
        Path library = folder.resolve(name);
        try {
            byte[] content = content(name);
            if (Files.notExists(library) || !Arrays.equals(content, Files.readAllBytes(library))) {
                PrivateFiles.replace(library, content);
            }
            System.setProperty(PATH, folder.toString());
        } catch (IOException e) {
            log.warn("SQLite's native library can't be extracted to {}: {}", folder, e.getMessage());
        }
    }

    private static byte[] content(String name) throws IOException {
        String resource = LibraryLoaderUtil.getNativeLibResourcePath() + "/" + name;
        try (InputStream in = requireNonNull(SQLiteJDBCLoader.class.getResourceAsStream(resource), resource)) {
            return in.readAllBytes();
        }
    }
}
