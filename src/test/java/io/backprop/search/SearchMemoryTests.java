package io.backprop.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.backprop.limits.MemoryBudget;
import io.backprop.limits.MemoryBusyException;
import io.backprop.training.PartStore;
import io.backprop.training.Training;
import io.backprop.training.TrainingService;
import io.backprop.training.TrainingSettings;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class SearchMemoryTests {

    private static final long MEBIBYTE = 1 << 20;
    private static final int SEARCHES = 20;

    private final TrainingService trainings = mock(TrainingService.class);
    private final PartStore parts = mock(PartStore.class);
    private final MemoryBudget memory = new MemoryBudget(100 * MEBIBYTE, 100 * MEBIBYTE);
    private final SearchService searches = new SearchService(trainings, parts, memory);

    private static Training search(int trials) {
        SearchSettings search = mock(SearchSettings.class);
        when(search.trials()).thenReturn(trials);
        TrainingSettings settings = mock(TrainingSettings.class);
        when(settings.search()).thenReturn(search);
        Training training = mock(Training.class);
        when(training.settings()).thenReturn(settings);
        when(training.id()).thenReturn("id");
        return training;
    }

    @Test
    void countsTheTrialsOfAllSearchesBeforeTheyAreRead() {
        Training large = search(SearchOptions.MAX_TRIALS);
        when(trainings.list("m")).thenReturn(Collections.nCopies(SEARCHES, large));
        MemoryBudget.Reservation other = memory.begin();
        other.add(64 * MEBIBYTE);
        MemoryBudget.Reservation request = memory.begin();
        try (other;
                request) {
            assertThatThrownBy(() -> searches.list("m")).isInstanceOf(MemoryBusyException.class);
            verify(parts, never()).list(any());
        }
    }

    @Test
    void findsSmallSearchesWhileMemoryIsInUse() {
        Training small = search(36);
        when(trainings.list("m")).thenReturn(List.of(small));
        MemoryBudget.Reservation other = memory.begin();
        other.add(64 * MEBIBYTE);
        MemoryBudget.Reservation request = memory.begin();
        try (other;
                request) {
            assertThat(searches.list("m")).hasSize(1);
        }
    }
}
