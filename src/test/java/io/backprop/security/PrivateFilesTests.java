package io.backprop.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.TestFolders;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PrivateFilesTests {

    private final Path folder = TestFolders.create();

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private static void share(Path path, String permissions) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
    }

    @BeforeEach
    void shareFolder() throws IOException {
        share(folder, "rwxr-xr-x");
    }

    @Test
    void createsPrivateFolder() throws IOException {
        Path created = folder.resolve("a/b");

        PrivateFiles.createFolder(created);
        PrivateFiles.createFolder(created);

        assertThat(permissions(created)).isEqualTo("rwx------");
    }

    @Test
    void emptyFolderBecomesPrivateAndOthersKeepTheirPermissions() throws IOException {
        PrivateFiles.createFolder(folder);
        assertThat(permissions(folder)).isEqualTo("rwx------");

        shareFolder();
        Files.createFile(folder.resolve("of-somebody-else"));
        PrivateFiles.createFolder(folder);
        assertThat(permissions(folder)).isEqualTo("rwxr-xr-x");
    }

    @Test
    void createsPrivateFile() throws IOException {
        Path file = folder.resolve("file");

        PrivateFiles.createFile(file);
        assertThat(permissions(file)).isEqualTo("rw-------");

        Files.writeString(file, "content");
        share(file, "rw-r--r--");
        PrivateFiles.createFile(file);
        assertThat(permissions(file)).isEqualTo("rw-------");
        assertThat(file).hasContent("content");
    }

    @Test
    void keepsPermissionsThatAreStricter() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        share(file, "r--------");

        PrivateFiles.createFile(file);

        assertThat(permissions(file)).isEqualTo("r--------");
    }

    @Test
    void opensPrivateFile() throws IOException {
        Path file = folder.resolve("file");

        try (FileChannel channel = PrivateFiles.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            assertThat(channel.size()).isZero();
        }

        assertThat(permissions(file)).isEqualTo("rw-------");
    }

    @Test
    void replacesFile() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "old");
        share(file, "rw-r--r--");

        PrivateFiles.replace(file, new byte[] {'n', 'e', 'w'});

        assertThat(file).hasContent("new");
        assertThat(permissions(file)).isEqualTo("rw-------");
        assertThat(folder.toFile().list()).containsExactly("file");
    }

    /** Replicas may share a folder and start at the same time. */
    @Test
    void createsFolderAndReplacesFileAtTheSameTime() throws Exception {
        Path shared = folder.resolve("shared");
        Path file = shared.resolve("file");
        CyclicBarrier start = new CyclicBarrier(2);
        Callable<Void> replica = () -> {
            start.await();
            PrivateFiles.createFolder(shared);
            for (int i = 0; i < 100; i++) {
                PrivateFiles.replace(file, new byte[] {'k', 'e', 'y'});
            }
            return null;
        };
        ExecutorService replicas = Executors.newFixedThreadPool(2);
        try {
            for (Future<Void> done : replicas.invokeAll(List.of(replica, replica))) {
                done.get();
            }
        } finally {
            replicas.shutdownNow();
        }
        assertThat(file).hasContent("key");
        assertThat(shared.toFile().list()).containsExactly("file");
    }
}
