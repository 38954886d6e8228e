package io.backprop.store.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import io.backprop.engine.TrainingPlan;
import io.backprop.model.Model;
import io.backprop.store.StoredModels;
import io.backprop.store.StoredTrainings;
import io.backprop.training.ExternalTraining;
import io.backprop.training.PreparedTraining;
import io.backprop.training.Training;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The golden document freezes the names of components and values. */
class TrainingDocumentTests {

    private static final Model MODEL = StoredModels.next(StoredModels.created("m", 0));
    private static final PreparedTraining PREPARED = StoredTrainings.of(MODEL);

    @Test
    void readsGoldenDocument() throws Exception {
        PreparedTraining read = Documents.readTraining(golden("training.json")).toPrepared(MODEL, PREPARED.data());

        assertThat(read).isEqualTo(PREPARED);
    }

    @Test
    void writesGoldenDocument() throws Exception {
        assertThat(Documents.write(TrainingDocument.of(PREPARED))).isEqualTo(golden("training.json"));
    }

    private static String golden(String file) throws IOException {
        return Files.readString(Path.of("src/test/resources/golden", file)).strip();
    }

    @Test
    void readsAndWritesGoldenDocumentOfDrivers() throws Exception {
        ExternalTraining prepared = StoredTrainings.prepared(StoredTrainings.external(MODEL));
        Training training = mock(Training.class);
        when(training.examples()).thenReturn(prepared.examples());
        when(training.warnings()).thenReturn(prepared.warnings());

        assertThat(Documents.write(TrainingDocument.of(prepared))).isEqualTo(golden("training-external.json"));
        assertThat(Documents.readTraining(golden("training-external.json")).toExternal(training))
                .isEqualTo(prepared);
    }

    @Test
    void restoresFreshTrainingWithoutEarlyStopping() {
        PreparedTraining fresh = new PreparedTraining(
                MODEL,
                PREPARED.architecture(),
                true,
                StoredTrainings.settings(TrainingPlan.classic(0.1f).withEpochs(3), 7),
                PREPARED.data(),
                List.of());

        String written = Documents.write(TrainingDocument.of(fresh));

        assertThat(Documents.readTraining(written).toPrepared(MODEL, PREPARED.data()))
                .isEqualTo(fresh);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"\"format\":1|\"format\":2", "\"epochs\":77|\"rounds\":77", "\"fresh\":false,|"})
    void rejectsOtherDocuments(String part, String other) {
        String written = Documents.write(TrainingDocument.of(PREPARED));

        assertThatThrownBy(() -> Documents.readTraining(written.replace(part, other == null ? "" : other)))
                .isInstanceOf(RuntimeException.class);
    }
}
