package io.backprop.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.StaticListableBeanFactory;

class CurlAuthorizationTests {

    private static final ApiProperties NONE = new ApiProperties(List.of(), null);

    private static String option(Protection protection, ApiProperties properties) {
        StaticListableBeanFactory beans = new StaticListableBeanFactory();
        beans.addBean("store", new GeneratedKeyStore() {
            @Override
            public String putIfAbsent(String secret) {
                return secret;
            }

            @Override
            public Path folder() {
                return Path.of("/a folder");
            }
        });
        return new CurlAuthorization(protection, properties, beans.getBeanProvider(GeneratedKeyStore.class)).option();
    }

    @Test
    void namesTheFileOfTheGeneratedKey() {
        assertThat(option(Protection.KEYS, NONE))
                .isEqualTo(" -H \"Authorization: Bearer $(cat '/a folder/admin-key')\"");
    }

    @Test
    void doesNotShowConfiguredKeys() {
        ApiProperties configured = new ApiProperties(List.of("me:admin:0123456789abcdef0123"), null);
        assertThat(option(Protection.KEYS, configured)).isEqualTo(" -H \"Authorization: Bearer $KEY\"");
    }

    @Test
    void isEmptyWhereNoKeyIsNeeded() {
        assertThat(option(Protection.HOSTS, NONE)).isEmpty();
        assertThat(option(Protection.NONE, NONE)).isEmpty();
    }
}
