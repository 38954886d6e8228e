package io.backprop.openinference.web;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.backprop.model.Model;
import io.backprop.openinference.DataType;
import io.backprop.openinference.ModelSignature;
import io.backprop.openinference.TensorSpec;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The inputs and outputs of a version of a model, as TensorFlow Serving describes them. */
@Schema(name = "ServingMetadata")
record ServingMetadataResponse(@JsonProperty("model_spec") ModelVersion model, Metadata metadata) {

    @Schema(name = "ServingModel")
    record ModelVersion(
            String name, @JsonProperty("signature_name") String signatureName, String version) {}

    @Schema(name = "ServingSignatures")
    record Metadata(@JsonProperty("signature_def") Signatures signatures) {}

    /** By their names. */
    @Schema(name = "ServingSignatureMap")
    record Signatures(@JsonProperty("signature_def") Map<String, Signature> byName) {}

    @Schema(name = "ServingSignature")
    record Signature(
            Map<String, Tensor> inputs,
            Map<String, Tensor> outputs,
            @JsonProperty("method_name") String methodName) {}

    /** @param type of the elements, a name of TensorFlow */
    @Schema(name = "ServingTensor")
    record Tensor(
            String name,
            @JsonProperty("dtype") String type,
            @JsonProperty("tensor_shape") Shape shape) {}

    @Schema(name = "ServingShape")
    record Shape(
            @JsonProperty("dim") List<Dimension> dimensions,
            @JsonProperty("unknown_rank") boolean unknownRank) {}

    /** @param size in digits; -1 for any */
    @Schema(name = "ServingDimension")
    record Dimension(String size, String name) {}

    static ServingMetadataResponse of(Model model) {
        ModelSignature signature = ModelSignature.of(model);
        Signature described =
                new Signature(tensors(signature.inputs()), tensors(signature.outputs()), "tensorflow/serving/predict");
        return new ServingMetadataResponse(
                new ModelVersion(model.id(), "", Long.toString(model.version())),
                new Metadata(new Signatures(Map.of(ServingPredictRequest.SIGNATURE, described))));
    }

    private static Map<String, Tensor> tensors(List<TensorSpec> specs) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        specs.forEach(spec -> tensors.put(spec.name(), tensor(spec)));
        return tensors;
    }

    private static Tensor tensor(TensorSpec spec) {
        String type = spec.dataType() == DataType.BYTES ? "DT_STRING" : "DT_FLOAT";
        List<Dimension> dimensions = spec.shape().stream()
                .map(size -> new Dimension(Long.toString(size), ""))
                .toList();
        return new Tensor(spec.name(), type, new Shape(dimensions, false));
    }
}
