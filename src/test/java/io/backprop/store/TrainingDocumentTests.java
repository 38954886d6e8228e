package io.backprop.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backprop.engine.TrainingPlan;
import io.backprop.model.Model;
import io.backprop.training.PreparedTraining;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The golden document was written once, and is never written again: users have such documents. */
class TrainingDocumentTests {

    private static final Model MODEL = StoredModels.next(StoredModels.created("m", 0));
    private static final PreparedTraining PREPARED = StoredTrainings.of(MODEL);

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void goldenDocumentIsStillRead(int format) throws Exception {
        PreparedTraining read = Documents.readTraining(golden(format)).toPrepared(MODEL, PREPARED.data());

        assertThat(read).isEqualTo(PREPARED);
    }

    @Test
    void goldenDocumentIsStillWritten() throws Exception {
        assertThat(Documents.write(TrainingDocument.of(PREPARED))).isEqualTo(golden(3));
    }

    private static String golden(int format) throws IOException {
        return Files.readString(Path.of("src/test/resources/golden/training-%d.json".formatted(format)))
                .strip();
    }

    @Test
    void freshTrainingWithoutEarlyStoppingComesBack() {
        PreparedTraining fresh = new PreparedTraining(
                MODEL,
                PREPARED.architecture(),
                null,
                0,
                TrainingPlan.classic(0.1f).withEpochs(3),
                PREPARED.data(),
                PREPARED.timeLimit(),
                7,
                List.of());

        String written = Documents.write(TrainingDocument.of(fresh));

        assertThat(Documents.readTraining(written).toPrepared(MODEL, PREPARED.data()))
                .isEqualTo(fresh);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"{\"format\":3|{\"format\":4", "\"epochs\":77|\"rounds\":77", "\"fresh\":false,|"})
    void documentOfAnotherKindIsNotRead(String part, String other) {
        String written = Documents.write(TrainingDocument.of(PREPARED));

        assertThatThrownBy(() -> Documents.readTraining(written.replace(part, other == null ? "" : other)))
                .isInstanceOf(RuntimeException.class);
    }
}
