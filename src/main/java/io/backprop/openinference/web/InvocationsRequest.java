package io.backprop.openinference.web;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.backprop.engine.Matrix;
import io.backprop.tabular.InvalidCells;
import io.backprop.web.json.FunctionDeserializer;
import io.backprop.web.json.JsonInputException;
import io.backprop.web.problem.FieldProblem;
import io.backprop.web.problem.ProblemType;
import io.backprop.web.table.DecimalSeparator;
import io.backprop.web.table.JsonRows;
import io.backprop.web.table.RowSource;
import io.backprop.web.table.RowsRequest;
import io.backprop.web.table.SplitRows;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.annotation.JsonDeserialize;

/**
 * Rows as clients of MLflow's scoring server send them, in one of four fields or as CSV.
 *
 * @param records the rows of a body in CSV as well
 * @param params must be empty, since models have no parameters of predictions
 */
@Schema(name = "InvocationsRequest")
record InvocationsRequest(
        @JsonProperty("dataframe_split") @Nullable SplitRows split,
        @JsonProperty("dataframe_records") @Nullable RowSource records,
        @Nullable JsonRows instances,
        @JsonProperty("inputs") @Nullable JsonRows tensors,
        @Nullable Params params,
        @Nullable @Size(max = 100) List<@NotNull String> missing,
        @Nullable DecimalSeparator decimal,
        @Nullable String dateFormat,
        @Nullable InvalidCells invalidCells)
        implements RowsRequest {

    private static final String FIELDS = "dataframe_split, dataframe_records, instances and inputs";

    /** An empty object. */
    @JsonDeserialize(using = ParamsDeserializer.class)
    record Params() {}

    static final class ParamsDeserializer extends FunctionDeserializer<Params> {

        private static final long serialVersionUID = 1;

        ParamsDeserializer() {
            super(Params.class, ParamsDeserializer::read);
        }

        private static Params read(JsonParser parser) {
            if (!parser.isExpectedStartObjectToken()) {
                throw JsonInputException.mustBe("an object", parser);
            }
            if (parser.nextToken() != JsonToken.END_OBJECT) {
                throw JsonInputException.of(
                        ProblemType.INVALID_FIELD, "params must be empty: predictions have no parameters", parser);
            }
            return new Params();
        }
    }

    /** Checks that the rows are in exactly one field. */
    void requireSingle() {
        long count = Stream.of(split, records, instances, tensors)
                .filter(Objects::nonNull)
                .count();
        if (count != 1) {
            String rule = count == 0 ? "one of %s is required" : "%s exclude each other";
            throw ProblemType.INVALID_FIELD.exception(FieldProblem.sentence("", rule.formatted(FIELDS)));
        }
    }

    @Override
    public @Nullable Matrix inputs() {
        return Stream.of(instances, tensors)
                .filter(JsonRows.Numbers.class::isInstance)
                .map(rows -> ((JsonRows.Numbers) rows).matrix())
                .findFirst()
                .orElse(null);
    }

    @Override
    public @Nullable RowSource rows() {
        if (split != null) {
            return split;
        }
        return Stream.of(instances, tensors)
                .filter(JsonRows.Named.class::isInstance)
                .map(rows -> ((JsonRows.Named) rows).rows())
                .findFirst()
                .orElse(records);
    }
}
