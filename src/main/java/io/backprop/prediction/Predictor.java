package io.backprop.prediction;

import io.backprop.engine.Ensemble;
import io.backprop.engine.Matrix;
import io.backprop.engine.NetworkSpec;
import io.backprop.model.Architecture;
import io.backprop.model.ExampleEncoder;
import io.backprop.model.InvalidInputException;
import io.backprop.model.Model;
import io.backprop.model.ModelException;
import io.backprop.model.Task;
import io.backprop.tabular.CellFormat;
import io.backprop.tabular.ClassEncoding;
import io.backprop.tabular.ColumnType;
import io.backprop.tabular.Preprocessing;
import io.backprop.tabular.Preprocessing.Columns;
import io.backprop.tabular.Preprocessing.Standardized;
import io.backprop.tabular.TableScorer;
import io.backprop.tabular.TargetUnit;
import io.backprop.tabular.Targets;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A version of a model that predicts in the units and class names of its training data.
 *
 * @param threshold the probability above which the second of two classes, or each of several that do not exclude each
 *     other, is predicted; null for the default
 */
public record Predictor(Model model, @Nullable Float threshold) {

    private static final int SCORE_COPIES = 3; // while their array grows

    private static final double FLOPS_PER_TURN = 1e9; // computed in 20 to 100 ms
    private static final int NUMBERS_PER_TURN = 1 << 18; // which are copied
    private static final int MIN_ROWS_PER_TURN = 32; // fewer would reuse the parameters too little

    /** @throws ModelException if the model has no parameters yet */
    public Predictor {
        if (model.ensemble() == null) {
            throw ModelException.notTrained(model.id());
        }
    }

    public Predictor(Model model) {
        this(model, null);
    }

    /**
     * This predictor with a threshold.
     *
     * @param newThreshold null for the default
     * @throws InvalidThresholdException if it is not between 0 and 1, or if the model has other than two classes, unless they
     *     do not exclude each other
     */
    public Predictor withThreshold(@Nullable Float newThreshold) {
        if (newThreshold == null) {
            return this;
        }
        InvalidThresholdException.require(newThreshold > 0, "must be greater than 0, but was " + newThreshold);
        InvalidThresholdException.require(newThreshold < 1, "must be less than 1, but was " + newThreshold);
        int classes = classes().size();
        InvalidThresholdException.require(
                classes == 2 || architecture().isMultiLabel(),
                "is for a model with 2 classes, but this one "
                        + (classes == 0 ? "predicts numbers" : "has " + classes));
        return new Predictor(model, newThreshold);
    }

    Architecture architecture() {
        return model.spec().architecture();
    }

    Ensemble ensemble() {
        return Objects.requireNonNull(model.ensemble());
    }

    /** Whether the model predicts classes. */
    private boolean isClassifier() {
        return architecture().outputLayer().task() == Task.CLASSIFICATION;
    }

    /** Names of the classes; empty unless the model is a classifier. */
    public List<String> classes() {
        return isClassifier() ? classEncoding().names() : List.of();
    }

    private ClassEncoding classEncoding() {
        return architecture().classEncoding(ensemble().spec().outputs());
    }

    /** The columns of the table that the model was trained on; rejects a model that was trained on rows of numbers. */
    Columns columns() {
        if (architecture().preprocessing() instanceof Columns columns) {
            return columns;
        }
        throw new InvalidInputException(
                "rows", "the model learned from rows of numbers, not from a table; send JSON with inputs");
    }

    /** Rejects the name of another target than the model's. */
    public void requireTarget(@Nullable String target) {
        String known = architecture().preprocessing() instanceof Columns columns ? columns.target() : null;
        if (target != null && !target.equals(known)) {
            throw new InvalidInputException(
                    "target",
                    known == null
                            ? "target is for a model that was trained on a table; this one learned from rows of numbers"
                            : "target must be \"%s\", which the model predicts, but was \"%s\""
                                    .formatted(known, target));
        }
    }

    /** The format of the cells of tables that the model was trained with. */
    public CellFormat cellFormat() {
        return columns().format();
    }

    /** Predicts for the rows of a table; rejects a model that was trained on rows of numbers. */
    public TableScorer tableScorer() {
        return new TableScorer(columns(), isClassifier() ? classEncoding() : null, ensemble(), threshold);
    }

    /** The unit of predicted numbers. */
    public TargetUnit unit() {
        return architecture().preprocessing() instanceof Columns columns ? columns.unit() : TargetUnit.NUMBER;
    }

    /** Scales rows of numbers for the network; of a table, numbers in the order of its features. */
    Matrix encode(Matrix inputs) {
        Preprocessing preprocessing = architecture().preprocessing();
        if (preprocessing instanceof Columns columns) {
            columns.firstWithoutNumbers().ifPresent(feature -> {
                throw new InvalidInputException(
                        "inputs",
                        "inputs are for features that are all numbers, but column \"%s\" is %s; send rows instead of inputs"
                                .formatted(
                                        feature.name(),
                                        feature.type() == ColumnType.NUMERIC ? "a date" : "categorical"));
            });
        }
        Integer width = preprocessing instanceof Columns columns
                ? Integer.valueOf(columns.features().size())
                : architecture().inputs();
        Architecture.requireWidth("inputs", inputs.columns(), width, "takes");
        if (preprocessing instanceof Columns columns) {
            return columns.encode(inputs);
        }
        return preprocessing instanceof Standardized standardized
                ? standardized.inputs().apply(inputs)
                : inputs;
    }

    /**
     * Predicts in the unit of the targets.
     *
     * @param encoded inputs of the network, rows × inputs
     */
    Matrix predict(Matrix encoded) {
        return architecture().preprocessing().targets().invert(ensemble().predict(encoded));
    }

    /** The number of rows after which a prediction lets other large requests compute. */
    int rowsPerTurn() {
        NetworkSpec spec = ensemble().spec();
        double rows =
                Math.max(MIN_ROWS_PER_TURN, FLOPS_PER_TURN / (2.0 * ensemble().parameterCount()));
        int most = NUMBERS_PER_TURN / Math.max(spec.inputs(), spec.outputs());
        return (int) Math.max(1, Math.min(rows, most));
    }

    /** Predictions of the network in the unit of the targets, with their labels if the model is a classifier. */
    Prediction prediction(Matrix predictions, List<String> warnings) {
        if (architecture().isMultiLabel()) {
            return new Prediction(
                    model,
                    predictions,
                    unit(),
                    classes(),
                    null,
                    classEncoding().decodeSets(predictions, threshold),
                    warnings);
        }
        return isClassifier()
                ? new Prediction(
                        model,
                        classEncoding().probabilities(predictions),
                        unit(),
                        classes(),
                        classEncoding().decode(predictions, threshold),
                        null,
                        warnings)
                : new Prediction(model, predictions, unit(), null, null, null, warnings);
    }

    /** The bytes that are allocated for predictions: the encoded inputs, the network's, and those in their unit. */
    long memoryToPredict(int rows) {
        NetworkSpec spec = ensemble().spec();
        return ensemble().memoryToPredict(rows) + (long) rows * (spec.inputs() + 2 * width()) * Float.BYTES;
    }

    /** The bytes that an evaluation allocates besides: encoded targets, and the scores that are ranked in the end. */
    long memoryToCompare(int rows) {
        return (long) rows * (2 * width() + SCORE_COPIES) * Float.BYTES;
    }

    /** Number of values that are predicted for each row. */
    int width() {
        int outputs = ensemble().spec().outputs();
        return isClassifier() ? Math.max(2, outputs) : outputs;
    }

    /** Encodes the target column of a table, one number per output, in the unit of the targets. */
    Matrix encodeTargets(Targets targets) {
        try {
            return new ExampleEncoder(architecture(), "rows", columns().target()).encodeTargets(targets);
        } catch (InvalidInputException e) { // its message names the column
            throw new InvalidInputException("rows", String.valueOf(e.getMessage()));
        }
    }
}
