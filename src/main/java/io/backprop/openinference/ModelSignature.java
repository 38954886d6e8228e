package io.backprop.openinference;

import io.backprop.model.Architecture;
import io.backprop.model.Model;
import io.backprop.model.Task;
import io.backprop.tabular.Feature;
import io.backprop.tabular.Preprocessing.Columns;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The inputs and outputs of a model.
 *
 * @param columns the inputs of a model that was trained on a table, one per feature; otherwise none
 * @param matrix the input that takes all features as a row of numbers; null if some are not numbers, and while their number
 *     is unknown
 * @param outputs none while their number is unknown
 */
public record ModelSignature(
        List<TensorSpec> columns, @Nullable TensorSpec matrix, List<TensorSpec> outputs) {

    /** The name of {@link #matrix}. */
    public static final String INPUTS = "inputs";

    /** The output of a classifier with a column per class. */
    public static final String PROBABILITIES = "probabilities";

    /** The output of a classifier with the most probable class. */
    public static final String LABEL = "label";

    /** The output of any other model, in the unit of the targets; dates are days since 1970. */
    public static final String PREDICTIONS = "predictions";

    public ModelSignature {
        columns = List.copyOf(columns);
        outputs = List.copyOf(outputs);
    }

    public static ModelSignature of(Model model) {
        Architecture architecture = model.spec().architecture();
        if (!(architecture.preprocessing() instanceof Columns table)) {
            return new ModelSignature(List.of(), matrix(architecture.inputs()), outputs(architecture));
        }
        List<TensorSpec> columns =
                table.features().stream().map(ModelSignature::column).toList();
        boolean isMatrix = table.firstWithoutNumbers().isEmpty()
                && columns.stream().noneMatch(column -> column.name().equals(INPUTS));
        return new ModelSignature(columns, isMatrix ? matrix(columns.size()) : null, outputs(architecture));
    }

    private static TensorSpec column(Feature feature) {
        boolean isNumber = feature instanceof Feature.Numeric numeric && !numeric.dates();
        return TensorSpec.column(feature.name(), isNumber ? DataType.FP32 : DataType.BYTES);
    }

    private static @Nullable TensorSpec matrix(@Nullable Integer width) {
        return width == null ? null : TensorSpec.matrix(INPUTS, width);
    }

    private static List<TensorSpec> outputs(Architecture architecture) {
        Integer outputs = architecture.outputs();
        if (outputs == null) {
            return List.of();
        }
        if (architecture.outputLayer().task() != Task.CLASSIFICATION) {
            return List.of(TensorSpec.matrix(PREDICTIONS, outputs));
        }
        return architecture.isMultiLabel()
                ? List.of(TensorSpec.matrix(PROBABILITIES, outputs))
                : List.of(
                        TensorSpec.matrix(PROBABILITIES, Math.max(2, outputs)),
                        TensorSpec.column(LABEL, DataType.BYTES));
    }

    /** The inputs of which a request has either all columns or the matrix. */
    public List<TensorSpec> inputs() {
        return Stream.concat(columns.stream(), Optional.ofNullable(matrix).stream())
                .toList();
    }
}
