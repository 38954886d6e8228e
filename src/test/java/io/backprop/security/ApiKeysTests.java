package io.backprop.security;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backprop.TestFolders;
import io.backprop.TestProperties;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApiKeysTests {

    private static final String SECRET = "correct-horse-battery-staple";
    private static final String OTHER = "0123456789abcdef";

    private static ApiKeys keys(String... lines) {
        return ApiKeys.from(new ApiProperties(List.of(lines), null));
    }

    @Test
    void findsKeyBySecret() {
        ApiKeys keys = keys("web:predict:" + SECRET, "ci:train:" + OTHER);

        assertThat(keys.find(SECRET)).hasToString("web:predict");
        assertThat(keys.find(OTHER)).hasToString("ci:train");
        assertThat(keys.find(SECRET + "x")).isNull();
        assertThat(keys.find("")).isNull();
    }

    @Test
    void findsKeyOfWhichOnlyTheDigestIsConfigured() {
        String hex = HexFormat.of().formatHex(ApiKey.sha256(SECRET));
        ApiKeys keys = keys("web:admin:sha256:" + hex, "ci:train:sha256:" + "0A".repeat(32));

        assertThat(keys.find(SECRET)).hasToString("web:admin");
        assertThat(keys.find(hex)).isNull();
        assertThat(keys.find("sha256:" + hex)).isNull();
    }

    @Test
    void scopesIncludeThoseBeforeThem() {
        assertThat(Scope.ADMIN.includes(Scope.PREDICT)).isTrue();
        assertThat(Scope.TRAIN.includes(Scope.TRAIN)).isTrue();
        assertThat(Scope.PREDICT.includes(Scope.TRAIN)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ci:train:tooshort-secret      | the secret of key 1 of backprop.api.keys must have at least 16 characters
            ci:train:secret secret secret | the secret of key 1 of backprop.api.keys may have letters, digits and .-_~+/ only, and = at its end
            ci:train:sha256:secret        | the SHA-256 digest of key 1 of backprop.api.keys must have 64 hexadecimal digits
            secretsecretsecretsecretsecret32:predict:shop | the secret of key 1 of backprop.api.keys must have at least 16 characters
            ci:root:secretsecretsecret    | the scope of key 1 of backprop.api.keys must be predict, train or admin
            ci:Train:secretsecretsecret   | the scope of key 1 of backprop.api.keys must be predict, train or admin
            secretsecretsecret            | key 1 of backprop.api.keys must have the form name:scope:secret
            ci:secretsecretsecret         | key 1 of backprop.api.keys must have the form name:scope:secret
            :train:secretsecretsecret     | key 1 of backprop.api.keys must have the form name:scope:secret
            c i:train:secretsecretsecret  | key 1 of backprop.api.keys must have the form name:scope:secret
            secretsecretsecretsecretsecretsecret:train:ci | key 1 of backprop.api.keys must have the form name:scope:secret
            """)
    void rejectsInvalidKeyWithoutShowingItsSecret(String key, String message) {
        assertThatThrownBy(() -> keys(key))
                .isInstanceOf(InvalidKeysException.class)
                .hasMessageStartingWith(message)
                .message()
                .satisfies(
                        text -> assertThat(text.replace("the secret of key", "").replace(":secret", ""))
                                .doesNotContain("secret"));
    }

    @Test
    void rejectsDuplicates() {
        assertThatThrownBy(() -> keys("ci:train:" + SECRET, "ci:admin:" + OTHER))
                .hasMessage("there are two keys ci");
        assertThatThrownBy(() -> keys("ci:train:" + SECRET, "web:admin:" + SECRET))
                .hasMessage("keys ci and web have the same secret");
    }

    @Test
    void readsKeysOfFile() throws IOException {
        Path file = Files.writeString(TestFolders.create().resolve("keys"), """
                # comment
                web:predict:%s

                ci:train:%s
                """.formatted(SECRET, OTHER));

        ApiKeys keys = ApiKeys.from(new ApiProperties(List.of(), file));

        assertThat(keys.find(SECRET)).hasToString("web:predict");
        assertThat(keys.find(OTHER)).hasToString("ci:train");
        Files.writeString(file, "\nnonsense");
        assertThatThrownBy(() -> ApiKeys.from(new ApiProperties(List.of(), file)))
                .hasMessageStartingWith("line 2 of " + file + " must have the form");
        assertThatThrownBy(() -> ApiKeys.from(new ApiProperties(List.of(), Path.of("/nowhere"))))
                .hasMessage("cannot read backprop.api.keys-file /nowhere");
    }

    @Test
    void separatesKeysByCommasAndLineBreaks() {
        for (String separator : List.of(",", ", ", "\n", "\r\n", ",\n")) {
            String text = "web:predict:" + SECRET + separator + "ci:train:" + OTHER + "\n";

            ApiKeys keys = ApiKeys.from(TestProperties.bind(ApiProperties.class, Map.of("backprop.api.keys", text)));

            assertThat(keys.find(SECRET)).hasToString("web:predict");
            assertThat(keys.find(OTHER)).hasToString("ci:train");
        }
        assertThat(ApiKeys.from(TestProperties.bind(ApiProperties.class, Map.of("backprop.api.keys", "")))
                        .isEmpty())
                .isTrue();
    }

    @Test
    void showsNoSecretAsText() {
        assertThat(new ApiProperties(List.of("web:predict:" + SECRET), null))
                .asString()
                .doesNotContain(SECRET);
        assertThat(requireNonNull(keys("web:predict:" + SECRET).find(SECRET)).authentication())
                .asString()
                .doesNotContain(SECRET);
    }
}
