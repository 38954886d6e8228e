package io.backprop.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.backprop.TestProperties;
import io.backprop.limits.MemoryBudget;
import io.backprop.limits.QuotaExceededException;
import io.backprop.limits.RequestLimits;
import io.backprop.store.StoredModels;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelQuotaTests {

    private final ModelCache cache = mock(ModelCache.class);
    private final ModelStore store = mock(ModelStore.class);
    private final Model model = StoredModels.created("m", 0); // 26 parameters

    private ModelService models(Map<String, String> properties) {
        return new ModelService(
                cache,
                store,
                TestProperties.bind(ModelProperties.class, properties),
                TestProperties.bind(RequestLimits.class, Map.of()),
                mock(MemoryBudget.class),
                Clock.systemUTC());
    }

    @Test
    void limitsNumberOfModels() {
        ModelService models = models(Map.of("backprop.models.count", "3"));
        when(store.count()).thenReturn(2L).thenReturn(3L);

        models.create("a", model.spec(), Description.NONE);
        assertThatThrownBy(() -> models.create("b", model.spec(), Description.NONE))
                .isInstanceOf(QuotaExceededException.class)
                .hasMessage("there may be at most 3 models (backprop.models.count); delete one first");

        verify(cache).add(any());
    }

    @Test
    void limitsNumberOfImportedModels() {
        ModelService models = models(Map.of("backprop.models.count", "3"));
        when(store.count()).thenReturn(3L);

        assertThatThrownBy(() -> models.requireImportable(model)).isInstanceOf(QuotaExceededException.class);
        assertThatThrownBy(() -> models.importModel(model)).isInstanceOf(QuotaExceededException.class);
    }

    @ParameterizedTest
    @CsvSource({"10, 2GB, 11", "10, 1039B, 12", "10, 1040B, 11", "10, 400B, 18", "10, 1B, 19", "1, 1B, 20"})
    void keepsFewerLargeVersions(int versions, String size, long oldest) {
        ModelService models =
                models(Map.of("backprop.models.versions", "" + versions, "backprop.models.versions-size", size));
        Model next = model;
        while (next.version() < 20) {
            next = StoredModels.next(next);
        }

        assertThat(models.oldestKept(next)).isEqualTo(oldest);
        assertThat(models.oldestKept(StoredModels.next(model))).isEqualTo(1);
    }
}
