package io.backprop.store.sqlite;

import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Location of the database unless {@code spring.datasource.url} is set.
 *
 * @param folder of the SQLite database; created if it does not exist
 * @param backups folder of backups, relative to the other; created by the first backup
 */
@ConfigurationProperties("backprop.store")
public record SqliteProperties(
        @DefaultValue("./data") Path folder,
        @DefaultValue("backups") Path backups) {

    Path file() {
        return folder.resolve("backprop.db");
    }

    Path backupFolder() {
        return folder.resolve(backups).toAbsolutePath().normalize();
    }
}
