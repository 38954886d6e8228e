package io.backprop.tabular;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

import io.backprop.engine.Ensemble;
import io.backprop.engine.Matrix;
import io.backprop.tabular.RowEncoder.ExpectedColumns;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Predicts for the rows of a table in the unit, or with the classes, of the target. A {@link RowEncoder} for {@link
 * #expectedColumns} encodes the rows.
 *
 * @param columns of the tables that the networks were trained on
 * @param encoding of the classes of the target; null if it is numeric
 * @param ensemble the networks
 * @param threshold the probability above which the second of two classes is predicted; null for the most probable class
 */
public record TableScorer(
        Preprocessing.Columns columns,
        @Nullable ClassEncoding encoding,
        Ensemble ensemble,
        @Nullable Float threshold) {

    public TableScorer {
        requireArgument(
                ensemble.spec().inputs() == columns.width(),
                "ensemble must have %d inputs, one for each number of a row, but has %d",
                columns.width(),
                ensemble.spec().inputs());
        int outputs = ensemble.spec().outputs();
        requireArgument(
                encoding == null || encoding.fits(outputs),
                "ensemble must have outputs for %d classes, but has %d",
                classes(encoding).size(),
                outputs);
    }

    /** The names of the classes; empty if the target is numeric. */
    public List<String> classes() {
        return classes(encoding);
    }

    private static List<String> classes(@Nullable ClassEncoding encoding) {
        return encoding == null ? List.of() : encoding.names();
    }

    /** The unit of predicted numbers. */
    public TargetUnit unit() {
        return columns.unit();
    }

    /**
     * The columns that a table must have.
     *
     * @param withTarget whether the target is one of them
     */
    public ExpectedColumns expectedColumns(boolean withTarget) {
        return withTarget
                ? new ExpectedColumns(columns.features(), columns.target(), unit().isDate(), classes())
                : new ExpectedColumns(columns.features(), null, false, classes());
    }

    /** The columns that predictions add to a table. */
    public PredictionColumns addedColumns() {
        return PredictionColumns.of(classes());
    }

    /**
     * Predicts in the unit of the target.
     *
     * @param encoded inputs of the networks, rows × inputs. Not modified.
     * @return rows × outputs
     */
    public Matrix predict(Matrix encoded) {
        return columns.targets().invert(ensemble.predict(encoded));
    }

    /** The predicted class of each row of predictions of classes. */
    public List<String> labels(Matrix predictions) {
        return requireEncoding().decode(predictions, threshold);
    }

    /** The probability of each class, rows × classes, of predictions of classes. */
    public Matrix probabilities(Matrix predictions) {
        return requireEncoding().probabilities(predictions);
    }

    private ClassEncoding requireEncoding() {
        if (encoding == null) {
            throw new IllegalStateException("the target is numeric");
        }
        return encoding;
    }
}
