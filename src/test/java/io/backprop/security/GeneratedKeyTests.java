package io.backprop.security;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backprop.TestFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class GeneratedKeyTests {

    private final AtomicReference<@Nullable String> stored = new AtomicReference<>();
    private final Path folder = TestFolders.create().resolve("store");
    private final Path file = folder.resolve("admin-key");

    private GeneratedKeyStore storeIn(Path path) {
        return new GeneratedKeyStore() {
            @Override
            public String putIfAbsent(String secret) {
                stored.compareAndSet(null, secret);
                return requireNonNull(stored.get());
            }

            @Override
            public Path folder() {
                return path;
            }
        };
    }

    @Test
    void isWrittenToPrivateFileThatTheLogNames(CapturedOutput output) throws IOException {
        ApiKey key = GeneratedKey.from(storeIn(folder));

        String secret = Files.readString(file).strip();
        assertThat(secret).matches("[A-Za-z0-9_-]{43}"); // 256 bits
        assertThat(key).hasToString("generated:admin");
        assertThat(key.hasDigest(ApiKey.sha256(secret))).isTrue();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
                .isEqualTo("rwx------");
        assertThat(output).contains(file.toString()).doesNotContain(secret);
    }

    @Test
    void staysTheSameAfterRestart() throws IOException {
        GeneratedKey.from(storeIn(folder));
        String content = Files.readString(file);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

        GeneratedKey.from(storeIn(folder));

        assertThat(file).hasContent(content.strip());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void replacesFileOfAnotherStore() throws IOException {
        GeneratedKey.from(storeIn(folder));
        stored.set(null);

        ApiKey key = GeneratedKey.from(storeIn(folder));

        assertThat(key.hasDigest(ApiKey.sha256(Files.readString(file).strip()))).isTrue();
    }

    @Test
    void serviceDoesNotStartWithoutTheFile() throws IOException {
        Path notAFolder = Files.createFile(TestFolders.create().resolve("file"));

        assertThatThrownBy(() -> GeneratedKey.from(storeIn(notAFolder)))
                .isInstanceOf(InvalidKeysException.class)
                .hasMessageStartingWith("none is configured, and a generated one cannot be written to "
                        + notAFolder.resolve("admin-key"))
                .message()
                .satisfies(message -> assertThat(message).doesNotContain(stored.get()));
    }

    @Test
    void changesWhenTheFileIsDeletedFromAStoreOfOneProcess() throws IOException {
        GeneratedKeyStore store = new GeneratedKeyStore() {
            @Override
            public String putIfAbsent(String secret) {
                return secret;
            }

            @Override
            public Path folder() {
                return folder;
            }
        };
        GeneratedKey.from(store);
        String first = Files.readString(file);
        GeneratedKey.from(store);
        assertThat(file).hasContent(first.strip());

        Files.delete(file);
        GeneratedKey.from(store);
        String second = Files.readString(file);
        assertThat(second).isNotEqualTo(first);

        Files.writeString(file, "");
        GeneratedKey.from(store);
        assertThat(Files.readString(file)).hasSameSizeAs(first).isNotEqualTo(second);
    }
}
