package io.backprop.openinference.web;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.backprop.web.problem.FieldProblem;
import io.backprop.web.problem.ProblemType;
import io.backprop.web.table.JsonRows;
import io.backprop.web.table.PredictRequest;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Rows as clients of TensorFlow Serving send them, in either of two fields. */
@Schema(name = "ServingPredictRequest")
record ServingPredictRequest(
        @JsonProperty("signature_name") @Nullable String signatureName,
        @Nullable JsonRows instances,
        @Nullable JsonRows inputs)
        implements ProtocolRequest {

    /** The only signature of a model. */
    static final String SIGNATURE = "serving_default";

    PredictRequest toPredictRequest() {
        require(
                "signature_name",
                signatureName == null || signatureName.equals(SIGNATURE),
                "signature_name must be %s, but was \"%s\"".formatted(SIGNATURE, signatureName));
        require("inputs", instances == null || inputs == null, "instances and inputs exclude each other");
        JsonRows rows = instances == null ? inputs : instances;
        if (rows == null) {
            throw invalid("instances", "instances or inputs is required, such as {\"instances\": [[5.1, 3.5]]}");
        }
        return rows.toPredictRequest();
    }

    /** Whether the response has a value per row rather than one per output. */
    boolean isByRow() {
        return instances != null;
    }

    private static void require(String field, boolean valid, String message) {
        if (!valid) {
            throw invalid(field, message);
        }
    }

    private static RuntimeException invalid(String field, String message) {
        return ProblemType.INVALID_FIELD.exception(FieldProblem.sentence(field, message));
    }
}
