package io.backprop.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backprop.Application;
import io.backprop.TestFolders;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Messages if the service cannot start with its database. */
@ExtendWith(OutputCaptureExtension.class)
class StoreFailureTests {

    private final Path folder = TestFolders.create();
    private final Path file = folder.resolve("backprop.db");

    private void assertFails(CapturedOutput output, String property, String... messages) {
        assertThatThrownBy(() -> SpringApplication.run(Application.class, "--server.port=0", property))
                .isInstanceOf(Exception.class);

        assertThat(output).contains("APPLICATION FAILED TO START").contains(messages);
        assertThat(output).doesNotContain("\tat ");
    }

    @Test
    void explainsFolderThatIsAFile(CapturedOutput output) throws Exception {
        Files.createFile(file);

        assertFails(
                output,
                "--backprop.store.folder=" + file,
                "Cannot open the database in " + file + ": java.nio.file.FileAlreadyExistsException: " + file,
                "set another folder in backprop.store.folder");
    }

    @Test
    void explainsFileThatIsNotADatabase(CapturedOutput output) throws Exception {
        Files.writeString(file, "no database".repeat(1_000));

        assertFails(
                output,
                "--backprop.store.folder=" + folder,
                "The database in " + folder + " is damaged: ",
                "file is not a database",
                "Restore a backup");
        assertThat(Files.readString(file)).isEqualTo("no database".repeat(1_000));
    }

    @Test
    void rejectsSchemaOfAnotherOriginWithoutChangingIt(CapturedOutput output) throws Exception {
        SpringApplication.run(Application.class, "--server.port=0", "--backprop.store.folder=" + folder)
                .close();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file)) {
            connection.createStatement().execute("update flyway_schema_history set checksum = 1");
        }
        byte[] before = Files.readAllBytes(file);

        assertFails(
                output,
                "--backprop.store.folder=" + folder,
                "The schema of the database in " + folder
                        + " does not belong to this version of the service, and was not" + " changed: ",
                "Migration checksum mismatch for migration version 1",
                "set another folder in backprop.store.folder");
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }

    @Test
    void explainsUnreachableDatabase(CapturedOutput output) {
        assertFails(
                output,
                "--spring.datasource.url=jdbc:postgresql://127.0.0.1:1/backprop?user=me&password=secret",
                "Cannot open the database jdbc:postgresql://127.0.0.1:1/backprop: ",
                "Connection refused");
        assertThat(output).doesNotContain("secret");
    }
}
