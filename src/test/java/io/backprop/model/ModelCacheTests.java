package io.backprop.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.RETURNS_DEEP_STUBS;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.backprop.TestProperties;
import io.backprop.limits.MemoryBudget;
import io.backprop.store.StoredModels;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.springframework.context.ApplicationEventPublisher;

class ModelCacheTests {

    private final ModelStore store = mock(ModelStore.class);
    private final ModelCache cache = new ModelCache(
            TestProperties.bind(ModelProperties.class, Map.of()),
            store,
            mock(MemoryBudget.class, RETURNS_DEEP_STUBS),
            mock(ApplicationEventPublisher.class));

    @Test
    void readsAVersionThatReplacesACorruptOneOnce() {
        Model first = StoredModels.next(StoredModels.created("m", 0));
        when(store.find(eq("m"), any())).thenThrow(CorruptModelException.ofVersion("m", 2));
        when(store.heads(List.of("m"))).thenReturn(List.of(new ModelHead("m", first.createdAt(), 2, 0, false)));
        when(store.find(eq("m"), eq(1L), any())).thenReturn(Optional.of(first));

        Model restored = cache.restore(
                "m", 1, any -> true, model -> Optional.of(model.publish(cache.get(model, 1), Instant.EPOCH)));

        assertThat(restored.version()).isEqualTo(3);
        assertThat(restored.ensemble()).isSameAs(first.ensemble());
        verify(store).find(eq("m"), eq(1L), any());
    }

    @Test
    void readsAModelAgainAfterItWasEvicted() {
        Model stored = StoredModels.next(StoredModels.created("m", 0));
        when(store.find(eq("m"), any())).thenReturn(Optional.of(stored));
        cache.get("m");
        cache.get("m");
        verify(store).find(eq("m"), any());

        cache.evict("m");

        assertThat(cache.get("m")).isEqualTo(stored);
        verify(store, times(2)).find(eq("m"), any());
    }
}
