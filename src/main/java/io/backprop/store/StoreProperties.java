package io.backprop.store;

import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where things are kept unless {@code spring.datasource.url} names a database.
 *
 * @param folder of the SQLite database; made if there is none
 */
@ConfigurationProperties("backprop.store")
record StoreProperties(@DefaultValue("./data") Path folder) {

    Path file() {
        return folder.resolve("backprop.db");
    }
}
