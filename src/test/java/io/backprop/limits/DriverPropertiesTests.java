package io.backprop.limits;

import io.backprop.TestProperties;
import org.junit.jupiter.api.Test;

class DriverPropertiesTests {

    @Test
    void readmeListsDefaults() {
        TestProperties.assertReadmeListsDefaults(DriverProperties.class);
    }
}
