package io.backprop.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.backprop.engine.Activation;
import io.backprop.engine.LayerSpec;
import io.backprop.engine.Loss;
import io.backprop.engine.Matrix;
import io.backprop.engine.Network;
import io.backprop.engine.NetworkSpec;
import io.backprop.engine.Vector;
import io.backprop.tabular.CellFormat;
import io.backprop.tabular.ColumnScaling;
import io.backprop.tabular.Feature;
import io.backprop.tabular.FoldPreprocessor;
import io.backprop.tabular.NumberRange;
import io.backprop.tabular.Preprocessing.Columns;
import io.backprop.tabular.Scaling;
import io.backprop.tabular.ScalingMethod;
import io.backprop.tabular.TargetUnit;
import java.util.List;
import org.junit.jupiter.api.Test;

class FoldScalingTests {

    private static final Columns SHARED = new Columns(
            List.of(
                    new Feature.Numeric("a", new ColumnScaling(20, 8), new NumberRange(1, 2, 4), false),
                    new Feature.Categorical("b", List.of("u", "v", "w"), false),
                    new Feature.Numeric("c", new ColumnScaling(5, 2), new NumberRange(1, 2, 4), false),
                    new Feature.Numeric("d", new ColumnScaling(1, 3), new NumberRange(1, 2, 4), false)),
            "y",
            TargetUnit.NUMBER,
            new Scaling(List.of(new ColumnScaling(100, 30))),
            CellFormat.DEFAULT);

    /** Without category w, with equal numbers in column c. */
    private static final Matrix TRAINING = Matrix.of(
            new float[] {10, 1, 0, 0, 7, 4}, new float[] {30, 0, 1, 0, 7, 5}, new float[] {14, 0, 1, 0, 7, -6});

    private static final Matrix ROWS =
            Matrix.of(new float[] {12, 0, 1, 0, 9, 2}, new float[] {-40, 0, 0, 1, 7, 3}, TRAINING.row(0));

    private final FoldScaling scaling = new FoldScaling(
            SHARED,
            FoldPreprocessor.fitted(SHARED, ScalingMethod.STANDARD, TRAINING),
            new Scaling(List.of(new ColumnScaling(80, 12))));

    private static Network network(LayerSpec... layers) {
        return Network.initialize(NetworkSpec.of(6, new Loss.MeanSquaredError(), layers), 5);
    }

    private void requireSamePredictions(Network trained) {
        Matrix expected =
                scaling.targets().invert(trained.predict(scaling.inputs().apply(ROWS)));

        Network published = scaling.published(trained);

        Matrix predictions = SHARED.targets()
                .invert(published.predict(FoldPreprocessor.of(SHARED, 6).apply(ROWS)));
        for (int row = 0; row < ROWS.rows(); row++) {
            assertThat(predictions.get(row, 0)).isCloseTo(expected.get(row, 0), within(1e-4f));
        }
    }

    @Test
    void networkPredictsTheSameWithTheScalesOfTheModel() {
        requireSamePredictions(network(new LayerSpec(9, Activation.TANH), new LayerSpec(1, Activation.LINEAR)));
    }

    @Test
    void linearModelPredictsTheSameWithTheScalesOfTheModel() {
        requireSamePredictions(network(new LayerSpec(1, Activation.LINEAR)));
    }

    @Test
    void inputsThatWereAlwaysZeroGetNoWeight() {
        Network published = scaling.published(network(new LayerSpec(1, Activation.LINEAR)));

        Vector weights = published.weights(0, 0);
        assertThat(weights.get(3)).isZero();
        assertThat(weights.get(4)).isZero();
        assertThat(weights.get(2)).isNotZero();
    }

    /** The clip is the model's own, so that the network keeps its weights but those of what the fold does not have. */
    @Test
    void robustlyScaledNetworkPredictsTheSame() {
        ColumnScaling clipped = new ColumnScaling(3, 2, true);
        Columns robust = new Columns(
                List.of(
                        new Feature.Numeric("a", 4, 1, new NumberRange(1, 2, 4), false, clipped, clipped),
                        new Feature.Categorical("b", List.of("u", "v"), false, List.of(clipped))),
                "y",
                TargetUnit.NUMBER,
                SHARED.targets(),
                CellFormat.DEFAULT);
        Matrix training = Matrix.of(new float[] {1, 0, -1}, new float[] {5, 0, 1}, new float[] {2, 0, 0});
        Matrix rows = Matrix.of(new float[] {1, 0, -1}, new float[] {Float.NaN, 1, 1});
        FoldScaling fold =
                new FoldScaling(robust, FoldPreprocessor.of(robust, 3).withoutConstants(training), SHARED.targets());
        Network trained = Network.initialize(
                NetworkSpec.of(
                        3,
                        new Loss.MeanSquaredError(),
                        new LayerSpec(4, Activation.SELU),
                        new LayerSpec(1, Activation.LINEAR)),
                5);

        Matrix published =
                fold.published(trained).predict(FoldPreprocessor.of(robust, 3).apply(rows));

        assertThat(published).isEqualTo(trained.predict(fold.inputs().apply(rows)));
    }

    @Test
    void sameScalesKeepTheBits() {
        Network network = network(new LayerSpec(3, Activation.RELU), new LayerSpec(1, Activation.LINEAR));
        FoldScaling same = new FoldScaling(SHARED, FoldPreprocessor.of(SHARED, 6), SHARED.targets());

        assertThat(same.published(network).parameterVector()).isEqualTo(network.parameterVector());
    }
}
