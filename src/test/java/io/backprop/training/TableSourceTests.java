package io.backprop.training;

import static io.backprop.training.TestModels.command;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.backprop.engine.Matrix;
import io.backprop.model.InvalidInputException;
import io.backprop.model.Model;
import io.backprop.tabular.ColumnType;
import io.backprop.tabular.Feature;
import io.backprop.tabular.Preprocessing;
import io.backprop.tabular.Targets;
import io.backprop.tabular.TextTable;
import io.backprop.training.ExampleSource.Fitted;
import io.backprop.training.ExampleSource.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TableSourceTests {

    private static final String[] TABLE = {"x,color,y", "1,red,10", "2,blue,20", "3,red,30", "4,green,40", "9,blue,50"};

    private final Model model = TestModels.untrained(null, Preprocessing.NONE);

    private static TableSource source(String target, Map<String, ColumnType> types) {
        return new TableSource(TextTable.csv(TABLE), target, types);
    }

    private static Fitted fit(Model model, TableSource source, TrainingCommand command) {
        return source.fit(model, command, size -> {});
    }

    private Model trained() {
        return TestModels.trained(model, fit(model, source("y", Map.of()), command()));
    }

    @Test
    void standardizesTrainingRows() {
        Fitted fitted = fit(model, source("y", Map.of()), command());

        Matrix inputs = fitted.data().training().inputs();
        assertThat(inputs.rows()).isEqualTo(5);
        assertThat(mean(inputs, 0)).isCloseTo(0, within(1e-6));
        assertThat(mean(fitted.data().training().targets(), 0)).isCloseTo(0, within(1e-6));
        assertThat(fitted.data().validation()).isNull();
    }

    private static double mean(Matrix matrix, int column) {
        double sum = 0;
        for (int row = 0; row < matrix.rows(); row++) {
            sum += matrix.get(row, column);
        }
        return sum / matrix.rows();
    }

    @Test
    void fitsScalesToTrainingRowsAlone() {
        Fitted fitted = fit(model, source("y", Map.of()), command(new TrainingCommand.Share(0.4f), 0));

        assertThat(fitted.data().training().size()).isEqualTo(3);
        assertThat(mean(fitted.data().training().inputs(), 0)).isCloseTo(0, within(1e-6));
        assertThat(fitted.data().validation())
                .isNotNull()
                .satisfies(rows -> assertThat(rows.size()).isEqualTo(2));
    }

    @Test
    void leavesScalingToTheFoldsOfACrossValidation() {
        Fitted fitted = fit(model, source("y", Map.of()), command(null, 2));

        assertThat(fitted.data().training().targets().get(4, 0)).isEqualTo(50);
    }

    @Test
    void reportsTheSizeBeforeItEncodes() {
        List<Size> sizes = new ArrayList<>();
        assertThatThrownBy(() -> source("y", Map.of()).fit(model, command(), size -> {
                    sizes.add(size);
                    throw new IllegalStateException("too large");
                }))
                .hasMessage("too large");

        assertThat(sizes).singleElement().satisfies(size -> {
            assertThat(size.rows()).isEqualTo(5);
            assertThat(size.categories()).isPositive();
            assertThat(size.inputsField()).isEqualTo("rows");
            assertThat(size.targetsField()).isEqualTo("target");
        });
    }

    @Test
    void keepsWhatTheModelHasLearned() {
        Model trained = trained();
        TableSource other = new TableSource(TextTable.csv("color,x,y", "red,100,1", "blue,200,2"), "y", Map.of());

        Fitted fitted = fit(trained, other, command());

        assertThat(fitted.architecture()).isEqualTo(trained.spec().architecture());
        assertThat(fitted.architecture().preprocessing())
                .isInstanceOfSatisfying(
                        Preprocessing.Columns.class,
                        columns -> assertThat(columns.features())
                                .extracting(Feature::name)
                                .containsExactly("x", "color"));
    }

    @Test
    void rejectsAnotherTargetThanTheModelHasLearned() {
        Model trained = trained();
        assertThatThrownBy(() -> fit(trained, source("x", Map.of()), command()))
                .isInstanceOfSatisfying(
                        InvalidInputException.class, e -> assertThat(e.field()).isEqualTo("target"))
                .hasMessageContaining("target must be \"y\"");
    }

    @Test
    void rejectsAnotherColumnTypeThanTheModelHasLearned() {
        Model trained = trained();
        assertThatThrownBy(() -> fit(trained, source("y", Map.of("x", ColumnType.CATEGORICAL)), command()))
                .hasMessageContaining("the type of column \"x\" must be numeric");
    }

    @Test
    void rejectsATableForAModelThatHasLearnedFromMatrices() {
        MatrixSource matrix = new MatrixSource(
                Matrix.wrap(2, 1, new float[] {1, 2}),
                new Targets.Numbers(Matrix.wrap(2, 1, new float[] {1, 2})),
                null);
        Model trained = TestModels.trained(model, matrix.fit(model, command(), size -> {}));

        assertThatThrownBy(() -> fit(trained, source("y", Map.of()), command()))
                .hasMessageContaining("the model learned from rows of numbers");
    }
}
