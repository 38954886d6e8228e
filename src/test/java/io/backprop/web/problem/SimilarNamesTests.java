package io.backprop.web.problem;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SimilarNamesTests {

    private static final List<String> KNOWN = List.of(
            "batchSize",
            "columns.NAME",
            "earlyStopping.patience",
            "epochs",
            "learningRate",
            "mean_absolute_error",
            "mean_squared_error",
            "validationSplit");

    @ParameterizedTest
    @CsvSource({
        "epoch, epochs",
        "epcohs, epochs",
        "Epochs, epochs",
        "learning_rate, learningRate",
        "learningrate, learningRate",
        "lr, learningRate",
        "mse, mean_squared_error",
        "mae, mean_absolute_error",
        "batch, batchSize",
        "patience, earlyStopping.patience",
        "earlyStoping.patience, earlyStopping.patience",
        "validation_split, validationSplit",
        "val_split, validationSplit",
        "split, validationSplit",
        "epochsMax, epochs"
    })
    void findsNearestName(String name, String nearest) {
        assertThat(SimilarNames.nearest(name, KNOWN)).contains(nearest);
    }

    @ParameterizedTest
    @CsvSource({"nonsense", "x", "''", "targetColumn", "'.'"})
    void findsNoDistantName(String name) {
        assertThat(SimilarNames.nearest(name, KNOWN)).isEmpty();
    }

    @Test
    void prefersInitialsToOtherLetters() {
        assertThat(SimilarNames.nearest("lr", List.of("l1", "l2", "learningRate")))
                .contains("learningRate");
        assertThat(SimilarNames.nearest("hidden_layer_sizes", List.of("hidden", "hiddenUnits", "layerCount")))
                .contains("hidden");
        assertThat(SimilarNames.nearest("val_loss", List.of("loss", "validation_loss")))
                .contains("validation_loss");
    }

    @Test
    void describesUnknownNames() {
        List<String> known = List.of("batchSize", "epochs");

        assertThat(SimilarNames.describeUnknown("epoch", known))
                .isEqualTo("is unknown here; did you mean epochs? Known: batchSize, epochs");
        assertThat(SimilarNames.describeUnknown("nonsense", known))
                .isEqualTo("is unknown here; known: batchSize, epochs");
    }

    @Test
    void comparesLongNamesQuickly() {
        assertThat(SimilarNames.nearest("x".repeat(10_000_000), KNOWN)).isEmpty();
    }
}
