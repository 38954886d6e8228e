package io.backprop.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.backprop.TestProperties;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.validation.BindValidationException;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.FieldError;

class RequestLimitsTests {

    @Test
    void hasDocumentedDefaults() {
        assertThat(bind(Map.of()))
                .isEqualTo(new RequestLimits(
                        DataSize.ofMegabytes(64),
                        DataSize.ofGigabytes(1),
                        DataSize.ofGigabytes(4),
                        100,
                        64,
                        8_192,
                        50_000_000,
                        1_000_000,
                        1e15,
                        Duration.ofHours(1),
                        1e12,
                        33_554_432));
    }

    @Test
    void readmeListsTheDefaults() {
        TestProperties.assertReadmeListsDefaults(RequestLimits.class);
    }

    @Test
    void bindsProperties() {
        RequestLimits limits = bind(Map.of("backprop.limits.body", "2MB", "backprop.limits.time", "30s"));

        assertThat(limits.body()).isEqualTo(DataSize.ofMegabytes(2));
        assertThat(limits.time()).isEqualTo(Duration.ofSeconds(30));
    }

    @ParameterizedTest
    @CsvSource({
        "layers, 0, must be at least 1",
        "parameters, 200000001, must be at most 200000000",
        "trainingFlops, NaN, must be at least 1",
        "time, PT0S, must be longer than or equal to 1 nano",
        "time, PT876001H, must be shorter than or equal to 36500 days"
    })
    void startupErrorNamesPropertyRuleAndValue(String property, String value, String rule) {
        new ApplicationContextRunner()
                .withUserConfiguration(Limits.class)
                .withPropertyValues("backprop.limits." + property + "=" + value)
                .run(context -> assertThat(context.getStartupFailure())
                        .rootCause()
                        .asInstanceOf(type(BindValidationException.class))
                        .extracting(failure ->
                                failure.getValidationErrors().getAllErrors().get(0))
                        .isInstanceOfSatisfying(FieldError.class, error -> {
                            assertThat(error.getField()).isEqualTo(property);
                            assertThat(error.getRejectedValue()).hasToString(value);
                            assertThat(error.getDefaultMessage()).startsWith(rule);
                        }));
    }

    @ParameterizedTest
    @ValueSource(strings = {"body", "stream", "response"})
    void rejectsSizesBelowOneByte(String property) {
        assertThatThrownBy(() -> bind(Map.of("backprop.limits." + property, "0B")))
                .rootCause()
                .hasMessage("backprop.limits." + property + " must be at least 1 byte, but was 0B");
    }

    private static RequestLimits bind(Map<String, String> properties) {
        return TestProperties.bind(RequestLimits.class, properties);
    }

    @EnableConfigurationProperties(RequestLimits.class)
    static class Limits {}
}
