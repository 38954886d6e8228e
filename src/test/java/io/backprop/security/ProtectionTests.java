package io.backprop.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.TestProperties;
import io.backprop.security.SecurityProperties.Mode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.mock.env.MockEnvironment;

class ProtectionTests {

    @ParameterizedTest
    @CsvSource({
        "server.address=127.0.0.1, HOSTS",
        "server.address=::1, HOSTS",
        "server.address=localhost, HOSTS",
        "server.address=0.0.0.0, KEYS",
        "server.address=::, KEYS",
        "server.address=, KEYS",
        "server.port=8080, KEYS",
        "server.address=0.0.0.0 management.server.port=9000 management.server.address=127.0.0.1, KEYS",
        "server.address=127.0.0.1 management.server.port=9000 management.server.address=127.0.0.1, HOSTS",
        "server.address=127.0.0.1 management.server.port=9000 management.server.address=0.0.0.0, KEYS",
        "server.address=127.0.0.1 management.server.port=9000, KEYS",
        "server.address=127.0.0.1 management.server.port=-1, HOSTS"
    })
    void needsKeysUnlessOnlyThisMachineCanConnect(String properties, Protection expected) {
        MockEnvironment environment = environment(properties);

        assertThat(Protection.of(Mode.AUTO, environment)).isEqualTo(expected);
        assertThat(Protection.of(Mode.KEYS, environment)).isEqualTo(Protection.KEYS);
        assertThat(Protection.of(Mode.NONE, environment)).isEqualTo(Protection.NONE);
    }

    @Test
    void readmeListsTheDefaults() {
        TestProperties.assertReadmeListsDefaults(SecurityProperties.class);
    }

    private static MockEnvironment environment(String properties) {
        MockEnvironment environment = new MockEnvironment();
        environment.setConversionService(new ApplicationConversionService());
        for (String property : properties.split(" ", -1)) {
            int separator = property.indexOf('=');
            environment.setProperty(property.substring(0, separator), property.substring(separator + 1));
        }
        return environment;
    }
}
