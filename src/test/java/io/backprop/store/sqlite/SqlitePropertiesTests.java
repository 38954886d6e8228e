package io.backprop.store.sqlite;

import io.backprop.TestProperties;
import org.junit.jupiter.api.Test;

class SqlitePropertiesTests {

    @Test
    void readmeListsTheDefaults() {
        TestProperties.assertReadmeListsDefaults(SqliteProperties.class);
    }
}
