package io.backprop.store.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backprop.engine.Activation;
import io.backprop.engine.Initializer;
import io.backprop.engine.LearningRateSchedule.CosLog;
import io.backprop.engine.Metric;
import io.backprop.engine.Optimizer;
import io.backprop.search.Domain;
import io.backprop.search.Domain.Choice;
import io.backprop.search.Domain.Range;
import io.backprop.search.Domain.Scale;
import io.backprop.search.Rung;
import io.backprop.search.SearchField;
import io.backprop.search.SearchSettings;
import io.backprop.search.SearchSpace;
import io.backprop.search.SearchStrategy;
import io.backprop.search.Setting;
import io.backprop.training.SearchPlan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The golden file freezes the format of the settings of searches. */
class SearchDocumentTests {

    private static final Path GOLDEN = Path.of("src/test/resources/golden/search.json");

    private static final Map<SearchField, Domain> DOMAINS = Map.of(
            SearchField.LEARNING_RATE, new Range(SearchField.LEARNING_RATE, 0.02, 0.3, Scale.LOG),
            SearchField.BATCH_SIZE, new Range(SearchField.BATCH_SIZE, 16, 64, Scale.LINEAR),
            SearchField.DROPOUT,
                    new Choice(List.of(
                            new Setting.Numeric(SearchField.DROPOUT, 0),
                            new Setting.Numeric(SearchField.DROPOUT, 0.15))),
            SearchField.HIDDEN,
                    new Choice(List.of(
                            new Setting.Hidden(List.of()),
                            new Setting.Hidden(List.of(new Setting.Layer(64, null, null))))),
            SearchField.ACTIVATION, new Choice(List.of(new Setting.HiddenActivation(Activation.MISH))),
            SearchField.INITIALIZER, new Choice(List.of(new Setting.Initializer(Initializer.NTK_NORMAL))),
            SearchField.OPTIMIZER, new Choice(List.of(new Setting.Optimization(new Optimizer.Sgd()))),
            SearchField.LEARNING_RATE_SCHEDULE, new Choice(List.of(new Setting.Schedule(new CosLog(4)))));

    private static final SearchSettings SETTINGS = new SearchSettings(
            new SearchSpace(DOMAINS),
            SearchStrategy.SUCCESSIVE_HALVING,
            36,
            List.of(new Rung(17, 36), new Rung(51, 12)),
            Metric.LOG_LOSS,
            16,
            0.05,
            -7,
            true);

    @Test
    void readsGoldenDocument() throws Exception {
        assertThat(Documents.read(Files.readString(GOLDEN).strip(), SearchPlan.class))
                .isEqualTo(SETTINGS);
    }

    @Test
    void writesGoldenDocument() throws Exception {
        assertThat(Documents.write(SETTINGS)).isEqualTo(Files.readString(GOLDEN).strip());
    }

    @Test
    void rejectsDomainsOfOtherFields() {
        String written = Documents.write(SETTINGS).replace("\"DROPOUT\":{", "\"L1\":{");

        assertThatThrownBy(() -> Documents.read(written, SearchPlan.class)).isInstanceOf(RuntimeException.class);
    }
}
