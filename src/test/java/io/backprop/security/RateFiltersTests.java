package io.backprop.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

import io.backprop.TestProperties;
import io.backprop.limits.RateProperties;
import io.backprop.web.problem.ProblemWriter;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.mock.env.MockEnvironment;

class RateFiltersTests {

    private final Map<String, String> properties = new HashMap<>(Map.of("server.address", "127.0.0.1"));

    @Test
    void limitNothingOnLoopback() {
        RateFilters filters = filters(SecurityProperties.Mode.AUTO);

        assertThat(filters.byAddress()).isEmpty();
        assertThat(filters.byKey()).isEmpty();
    }

    @Test
    void limitConfiguredRatesOnLoopback() {
        properties.put("backprop.rates.address", "10");
        RateFilters filters = filters(SecurityProperties.Mode.AUTO);

        assertThat(filters.byAddress()).hasSize(1);
        assertThat(filters.byKey()).isEmpty();
    }

    @Test
    void limitRatesWhereKeysAreNeeded() {
        RateFilters filters = filters(SecurityProperties.Mode.KEYS);

        assertThat(filters.byAddress()).hasSize(1);
        assertThat(filters.byKey()).hasSize(1);
    }

    @Test
    void limitRatesOfAnExposedServiceWithoutKeys() {
        properties.put("server.address", "0.0.0.0");

        assertThat(filters(SecurityProperties.Mode.NONE).byAddress()).hasSize(1);
    }

    @Test
    void limitNoRateOfZero() {
        properties.put("backprop.rates.address", "0");
        RateFilters filters = filters(SecurityProperties.Mode.KEYS);

        assertThat(filters.byAddress()).isEmpty();
        assertThat(filters.byKey()).hasSize(1);
    }

    private RateFilters filters(SecurityProperties.Mode mode) {
        MockEnvironment environment = new MockEnvironment();
        environment.setConversionService(new ApplicationConversionService());
        properties.forEach(environment::setProperty);
        return new RateFilters(
                TestProperties.bind(RateProperties.class, properties),
                environment,
                Protection.of(mode, environment),
                new AccessRules(),
                mock(ProblemWriter.class));
    }
}
