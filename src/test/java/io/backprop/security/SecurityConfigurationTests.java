package io.backprop.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backprop.Application;
import io.backprop.TestFolders;
import io.backprop.security.SecurityProperties.Mode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.mock.env.MockEnvironment;

@ExtendWith(OutputCaptureExtension.class)
class SecurityConfigurationTests {

    private final SecurityConfiguration configuration = new SecurityConfiguration();

    @Test
    void warnsThatNothingProtectsTheService(CapturedOutput output) {
        configuration.protection(new SecurityProperties(Mode.NONE, List.of()), new MockEnvironment());

        assertThat(output).contains("WARN", "backprop.security.mode=none");
    }

    @Test
    void warnsThatKeysAreNotRequired(CapturedOutput output) {
        ApiProperties properties = new ApiProperties(List.of("web:predict:0123456789abcdef"), null);

        configuration.apiKeys(
                properties, Protection.HOSTS, new StaticListableBeanFactory().getBeanProvider(GeneratedKeyStore.class));

        assertThat(output).contains("WARN", "backprop.security.mode=keys").doesNotContain("0123456789abcdef");
    }

    /** The key is in a file of a folder in which an orchestrator mounts secrets. */
    @Test
    void serviceDoesNotStartWithInvalidKeyAndDoesNotShowIt(CapturedOutput output) throws IOException {
        Path secrets = TestFolders.create();
        Files.writeString(secrets.resolve("BACKPROP_API_KEYS"), "web:predict:0123456789abcdef,ci:train:too-short\n");

        assertThatThrownBy(() -> SpringApplication.run(
                        Application.class,
                        "--server.port=0",
                        "--backprop.store.folder=" + TestFolders.create(),
                        "--spring.config.import=configtree:" + secrets + "/"))
                .hasRootCauseInstanceOf(InvalidKeysException.class);

        assertThat(output)
                .contains(
                        "APPLICATION FAILED TO START",
                        "The keys of the service cannot be used: the secret of key 2 of backprop.api.keys must have at least 16 characters.")
                .doesNotContain("\tat ", "too-short", "0123456789abcdef");
    }
}
