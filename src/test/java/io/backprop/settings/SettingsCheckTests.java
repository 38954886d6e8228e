package io.backprop.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backprop.Application;
import io.backprop.TestFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.web.context.support.StandardServletEnvironment;

/** The service does not start with a misspelled setting, wherever it is set. */
@ExtendWith(OutputCaptureExtension.class)
class SettingsCheckTests {

    private final Path folder = TestFolders.create();

    private ConfigurableApplicationContext start(Map<String, Object> variables, String... arguments) {
        String source = StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;
        StandardServletEnvironment environment = new StandardServletEnvironment();
        environment.getPropertySources().replace(source, new SystemEnvironmentPropertySource(source, variables));
        SpringApplication application = new SpringApplication(Application.class);
        application.setEnvironment(environment);
        application.setDefaultProperties(Map.of("server.port", "0", "backprop.store.folder", folder.toString()));
        return application.run(arguments);
    }

    private void assertFails(
            CapturedOutput output, String message, Map<String, Object> variables, String... arguments) {
        assertThatThrownBy(() -> start(variables, arguments)).isInstanceOf(SettingsCheck.UnknownSettingException.class);

        assertThat(output).contains("APPLICATION FAILED TO START", "Unknown settings:", message);
        assertThat(output).doesNotContain("\tat ", "secret");
        assertThat(folder).isEmptyDirectory();
    }

    @ParameterizedTest
    @CsvSource({
        "backprop.limits.bdy, backprop.limits.body",
        "backprop.limit.body, backprop.limits.body",
        "backprop.body, backprop.limits.body",
        "backprop.training.checkpointintervall, backprop.training.checkpoint-interval",
        "backprop.store.foldr, backprop.store.folder"
    })
    void rejectsUnknownArgument(String name, String nearest, CapturedOutput output) {
        assertFails(
                output,
                "%s, \"%s\" from property source \"commandLineArgs\": did you mean %s?".formatted(name, name, nearest),
                Map.of(),
                "--" + name + "=secret");
    }

    @ParameterizedTest
    @CsvSource({
        "BACKPROP_LIMITS_BDY, backprop.limits.body",
        "BACKPROP_LIMIT_BODY, backprop.limits.body",
        "BACKPROP_LIMITSBODY, backprop.limits.body",
        "BACKPROP_TRAINING_CHECKPOINT_INTERVALL, backprop.training.checkpoint-interval",
    })
    void rejectsUnknownEnvironmentVariable(String name, String nearest, CapturedOutput output) {
        assertFails(
                output,
                "System Environment Property \"%s\": did you mean %s?".formatted(name, nearest),
                Map.of(name, "secret"));
    }

    @Test
    void rejectsUnknownSettingOfFile(CapturedOutput output) throws IOException {
        Path file = Files.writeString(TestFolders.create().resolve("application.yml"), """
                backprop:
                  limits:
                    body: 1MB
                    bdy: secret
                """);

        assertFails(
                output,
                "application.yml] - 4:10: did you mean backprop.limits.body?",
                Map.of(),
                "--spring.config.additional-location=" + file);
    }

    @Test
    void rejectsUnknownSystemProperty(CapturedOutput output) {
        System.setProperty("backprop.trainng.workers", "secret");
        try {
            assertFails(output, "did you mean backprop.training.workers?", Map.of());
        } finally {
            System.clearProperty("backprop.trainng.workers");
        }
    }

    @Test
    void namesAllSettingsWhereNoneIsSimilar(CapturedOutput output) {
        assertFails(
                output,
                "known are backprop.api.keys, backprop.api.keys-file, backprop.compute.queue,",
                Map.of("BACKPROP_XYZ", "secret"));
    }

    @Test
    void acceptsKnownSettingsAndVariablesOfKubernetes() {
        Map<String, Object> variables = Map.of(
                "BACKPROP_LIMITS_BODY", "1MB",
                "BACKPROP_TRAINING_CHECKPOINTINTERVAL", "PT9S",
                "BACKPROP_MODELS_CACHE_SIZE", "1MB",
                "BACKPROP_SECURITY_HOSTS_0", "models.example.com",
                "BACKPROP_SERVICE_HOST", "10.0.0.1",
                "BACKPROP_SERVICE_PORT_HTTP", "8080",
                "BACKPROP_PORT", "tcp://10.0.0.1:8080",
                "BACKPROP_PORT_8080_TCP_ADDR", "10.0.0.1",
                "BACKPROP_DB_SERVICE_HOST", "10.0.0.2");

        start(
                        variables,
                        "--backprop.limits.predictionFlops=1e11",
                        "--backprop.api.keys[0]=web:predict:0123456789abcdef")
                .close();
    }
}
