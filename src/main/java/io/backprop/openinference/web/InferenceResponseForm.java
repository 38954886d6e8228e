package io.backprop.openinference.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.backprop.engine.Matrix;
import io.backprop.engine.Vector;
import io.backprop.openinference.DataType;
import io.backprop.openinference.InferenceOutput;
import io.backprop.openinference.InferenceResponse;
import io.swagger.v3.oas.annotations.media.Schema;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The response to a request, as far as it is JSON.
 *
 * @param parameters absent if there are no warnings
 */
@Schema(name = "InferenceResponse")
record InferenceResponseForm(
        @JsonProperty("model_name") String modelName,
        @JsonProperty("model_version") String modelVersion,
        String id,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Parameters parameters,
        List<Output> outputs) {

    private static final String SEPARATOR = "; ";

    /** @param warnings about categories that the model has not learned */
    @Schema(name = "InferenceResponseParameters")
    record Parameters(String warnings) {}

    /**
     * An output.
     *
     * @param parameters absent unless the data is binary
     * @param data in row-major order; absent if it is binary
     */
    @Schema(name = "InferenceResponseOutput")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Output(
            String name,
            String datatype,
            List<Integer> shape,
            @Nullable OutputParameters parameters,
            @Nullable Object data) {

        static Output of(InferenceOutput output) {
            return new Output(
                    output.name(),
                    (output instanceof InferenceOutput.Texts ? DataType.BYTES : DataType.FP32).name(),
                    output.shape(),
                    output.binary() ? new OutputParameters(binarySize(output)) : null,
                    output.binary() ? null : data(output));
        }

        private static Object data(InferenceOutput output) {
            return output instanceof InferenceOutput.Texts texts
                    ? texts.values()
                    : flat(((InferenceOutput.Numbers) output).values());
        }

        private static Vector flat(Matrix matrix) {
            float[] values = new float[Matrix.elementCount(matrix.rows(), matrix.columns())];
            for (int row = 0; row < matrix.rows(); row++) {
                matrix.copyRow(row, values, row * matrix.columns());
            }
            return Vector.wrap(values);
        }

        private static long binarySize(InferenceOutput output) {
            if (output instanceof InferenceOutput.Texts texts) {
                return texts.values().stream()
                        .mapToLong(text -> Integer.BYTES + text.getBytes(StandardCharsets.UTF_8).length)
                        .sum();
            }
            Matrix values = ((InferenceOutput.Numbers) output).values();
            return (long) values.rows() * values.columns() * Float.BYTES;
        }
    }

    /** @param binaryDataSize number of bytes after the JSON */
    @Schema(name = "InferenceResponseOutputParameters")
    record OutputParameters(
            @JsonProperty("binary_data_size") long binaryDataSize) {}

    static InferenceResponseForm of(InferenceResponse response) {
        return new InferenceResponseForm(
                response.model().id(),
                String.valueOf(response.model().version()),
                response.id(),
                response.warnings().isEmpty() ? null : new Parameters(String.join(SEPARATOR, response.warnings())),
                response.outputs().stream().map(Output::of).toList());
    }

    /** The bytes of all data in binary. */
    long binarySize() {
        return outputs.stream()
                .map(Output::parameters)
                .mapToLong(parameters -> parameters == null ? 0 : parameters.binaryDataSize)
                .sum();
    }
}
