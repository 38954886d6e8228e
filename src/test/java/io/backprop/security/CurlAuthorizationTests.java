package io.backprop.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.TestFolders;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class CurlAuthorizationTests {

    private static final ApiKeys NONE = ApiKeys.from(new ApiProperties(List.of(), null));

    @Test
    void namesTheFileOfTheGeneratedKey() {
        Path folder = TestFolders.create();
        ApiKeys generated = ApiKeys.generated(new GeneratedKeyStore() {
            @Override
            public String putIfAbsent(String secret) {
                return secret;
            }

            @Override
            public Path folder() {
                return folder;
            }
        });

        assertThat(new CurlAuthorization(Protection.KEYS, generated).option())
                .isEqualTo(" -H \"Authorization: Bearer $(cat '%s/admin-key')\"", folder.toAbsolutePath());
    }

    @Test
    void doesNotShowConfiguredKeys() {
        ApiKeys configured = ApiKeys.from(new ApiProperties(List.of("me:admin:0123456789abcdef0123"), null));

        assertThat(new CurlAuthorization(Protection.KEYS, configured).option())
                .isEqualTo(" -H \"Authorization: Bearer $KEY\"");
    }

    @Test
    void isEmptyWhereNoKeyIsNeeded() {
        assertThat(new CurlAuthorization(Protection.HOSTS, NONE).option()).isEmpty();
        assertThat(new CurlAuthorization(Protection.NONE, NONE).option()).isEmpty();
    }
}
