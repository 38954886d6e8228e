package io.backprop.store.sqlite;

import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Location of the database unless {@code spring.datasource.url} is set.
 *
 * @param folder of the SQLite database; created if it does not exist
 */
@ConfigurationProperties("backprop.store")
record SqliteProperties(@DefaultValue("./data") Path folder) {

    Path file() {
        return folder.resolve("backprop.db");
    }
}
