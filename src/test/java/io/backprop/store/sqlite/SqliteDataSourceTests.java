package io.backprop.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.TestFolders;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SqliteDataSourceTests {

    @Test
    void deletesNativeLibrariesThatKilledProcessesLeftBehind() throws Exception {
        Path folder = TestFolders.create();
        Path leftover = Files.createFile(folder.resolve("sqlite-3.0-1234-libsqlitejdbc.so"));

        SqliteDataSource.open(folder.resolve("backprop.db")).close();

        assertThat(leftover).doesNotExist();
    }
}
