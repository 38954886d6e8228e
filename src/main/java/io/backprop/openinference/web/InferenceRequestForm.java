package io.backprop.openinference.web;

import static io.backprop.model.InvalidInputException.require;
import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.backprop.model.InvalidInputException;
import io.backprop.openinference.BinaryTensors;
import io.backprop.openinference.DataType;
import io.backprop.openinference.InferenceInput;
import io.backprop.openinference.InferenceRequest;
import io.backprop.openinference.ModelSignature;
import io.backprop.openinference.RequestedOutput;
import io.backprop.openinference.TensorSpec;
import io.backprop.web.problem.SimilarNames;
import io.backprop.web.problem.ValueDescriptions;
import io.swagger.v3.oas.annotations.media.Schema;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A request, as far as it is JSON.
 *
 * @param id for the response; absent: generated
 * @param modelName ignored, because the path has it; KServe's client sends it
 * @param outputs absent or empty: all
 */
@Schema(name = "InferenceRequest")
record InferenceRequestForm(
        @Nullable String id,
        @JsonProperty("model_name") @Nullable String modelName,
        @Nullable Parameters parameters,
        @Nullable List<@Nullable Input> inputs,
        @Nullable List<@Nullable Output> outputs) {

    private static final List<String> DATA_TYPES =
            Arrays.stream(DataType.values()).map(DataType::name).toList();

    /** The parameters of a request that are known here; all others are ignored, as the protocol demands. */
    @Schema(name = "InferenceRequestParameters")
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Parameters(
            @JsonProperty("binary_data_output") @Nullable Boolean binaryDataOutput) {}

    /**
     * An input.
     *
     * @param data a flat list or nested lists; absent with {@code binary_data_size}
     */
    @Schema(name = "InferenceInput")
    record Input(
            @Nullable String name,
            @Nullable List<@Nullable Long> shape,
            @Nullable String datatype,
            @Nullable InputParameters parameters,
            @Schema(implementation = Object.class) @Nullable JsonTensor data) {}

    /** @param binaryDataSize number of bytes after the JSON */
    @Schema(name = "InferenceInputParameters")
    @JsonIgnoreProperties(ignoreUnknown = true)
    record InputParameters(
            @JsonProperty("binary_data_size") @Nullable Long binaryDataSize) {}

    /** An output to return. */
    @Schema(name = "InferenceOutput")
    record Output(@Nullable String name, @Nullable OutputParameters parameters) {}

    /**
     * @param binaryData whether the data follows the JSON
     * @param classification number of the most probable classes to return in place of probabilities
     */
    @Schema(name = "InferenceOutputParameters")
    @JsonIgnoreProperties(ignoreUnknown = true)
    record OutputParameters(
            @JsonProperty("binary_data") @Nullable Boolean binaryData,
            @Nullable Integer classification) {}

    /**
     * The request for a model.
     *
     * @param binary the data that follows the JSON, which is read to its end; null if there is none
     * @param memory receives the bytes of binary numbers before they are allocated
     */
    InferenceRequest toRequest(ModelSignature signature, @Nullable InputStream binary, LongConsumer memory)
            throws IOException {
        List<InferenceInput> read = new ArrayList<>();
        Map<String, TensorSpec> specs = byName(signature.inputs());
        Set<String> names = new HashSet<>();
        List<@Nullable Input> given = inputs == null ? List.of() : inputs;
        require("inputs", !given.isEmpty(), "inputs is required and must have at least 1 input, but has none");
        for (int i = 0; i < given.size(); i++) {
            String field = "/inputs/" + i;
            Input input = requireGiven(field, given.get(i), "an input");
            TensorSpec spec = find("input", field, input.name, specs, names);
            InferenceInput next = read(input, spec, field, binary, memory);
            requireSameRows(field, next, read.isEmpty() ? next : read.get(0));
            read.add(next);
        }
        requireAll(names, signature);
        require(
                "inputs",
                binary == null || binary.read() < 0,
                "the body must end with the data of the last input, but has more bytes");
        return new InferenceRequest(
                id == null || id.isEmpty() ? UUID.randomUUID().toString() : id, read, requestedOutputs(signature));
    }

    private static Map<String, TensorSpec> byName(List<TensorSpec> specs) {
        return specs.stream()
                .collect(Collectors.toMap(TensorSpec::name, Function.identity(), (a, b) -> a, LinkedHashMap::new));
    }

    private static <T> T requireGiven(String field, @Nullable T value, String noun) {
        if (value == null) {
            String path = field.substring(1).replaceAll("/(\\d+)", "[$1]").replace('/', '.');
            throw new InvalidInputException(field, path + " must be " + noun + ", but is missing or null");
        }
        return value;
    }

    /** The tensor of a name that has not been given before. */
    private static TensorSpec find(
            String noun, String field, @Nullable String given, Map<String, TensorSpec> specs, Set<String> names) {
        String name = requireGiven(field + "/name", given, "text");
        TensorSpec spec = specs.get(name);
        String described = noun + " " + ValueDescriptions.received(name);
        if (spec == null) {
            throw new InvalidInputException(
                    field + "/name", described + " " + SimilarNames.describeUnknown(name, specs.keySet()));
        }
        require(field + "/name", names.add(name), described + " is given more than once");
        return spec;
    }

    private static InferenceInput read(
            Input input, TensorSpec spec, String field, @Nullable InputStream binary, LongConsumer memory)
            throws IOException {
        DataType type = dataType(input, spec, field);
        String noun = "a list of whole numbers";
        List<Long> shape = new ArrayList<>();
        for (Long dimension : requireGiven(field + "/shape", input.shape, noun)) {
            shape.add(requireGiven(field + "/shape", dimension, noun));
        }
        int rows = spec.rowsOf(shape);
        Long size = input.parameters == null ? null : input.parameters.binaryDataSize;
        String described = "input \"" + spec.name() + '"';
        if (size == null) {
            if (input.data == null) {
                throw new InvalidInputException(
                        field, described + " must have data, or binary_data_size in its parameters");
            }
            return input.data.toInput(spec, type, shape, rows);
        }
        require(field, input.data == null, described + " must have either data or binary_data_size, but has both");
        if (binary == null) {
            throw new InvalidInputException(
                    field, described + " has binary_data_size, which needs the header " + InferenceBody.HEADER_LENGTH);
        }
        return BinaryTensors.read(spec, type, rows, size, binary, memory);
    }

    private static DataType dataType(Input input, TensorSpec spec, String field) {
        String name = requireGiven(field + "/datatype", input.datatype, "text");
        require(
                field + "/datatype",
                DATA_TYPES.contains(name),
                "datatype %s of input \"%s\" %s"
                        .formatted(
                                ValueDescriptions.received(name),
                                spec.name(),
                                SimilarNames.describeUnknown(name, DATA_TYPES)));
        DataType type = DataType.valueOf(name);
        require(
                field + "/datatype",
                (type == DataType.BYTES) == (spec.dataType() == DataType.BYTES),
                "datatype of input \"%s\" must be %s, but was %s"
                        .formatted(
                                spec.name(),
                                spec.dataType() == DataType.BYTES ? "BYTES" : "FP32 or another of numbers",
                                type));
        return type;
    }

    private static void requireSameRows(String field, InferenceInput next, InferenceInput first) {
        require(
                field,
                next.rows() == first.rows(),
                "all inputs must have the same number of rows, but input \"%s\" has %d and \"%s\" %d"
                        .formatted(
                                first.spec().name(), first.rows(), next.spec().name(), next.rows()));
    }

    /** Requires either all columns or the matrix. */
    private static void requireAll(Set<String> names, ModelSignature signature) {
        TensorSpec matrix = signature.matrix();
        if (matrix != null && names.contains(matrix.name())) {
            require(
                    "inputs",
                    names.size() == 1,
                    "input \"%s\" has the values of all columns, so that no column can be given besides"
                            .formatted(matrix.name()));
            return;
        }
        List<String> missing = signature.columns().stream()
                .map(TensorSpec::name)
                .filter(name -> !names.contains(name))
                .toList();
        require(
                "inputs",
                missing.isEmpty(),
                "the model needs an input for each column it was trained with, but there is none for "
                        + missing.stream().map(ValueDescriptions::received).collect(Collectors.joining(", ")));
    }

    private List<RequestedOutput> requestedOutputs(ModelSignature signature) {
        boolean binary = parameters != null && requireNonNullElse(parameters.binaryDataOutput, false);
        if (outputs == null || outputs.isEmpty()) {
            return signature.outputs().stream()
                    .map(output -> new RequestedOutput(output, 0, binary))
                    .toList();
        }
        Map<String, TensorSpec> specs = byName(signature.outputs());
        Set<String> names = new HashSet<>();
        List<RequestedOutput> requested = new ArrayList<>();
        for (int i = 0; i < outputs.size(); i++) {
            String field = "/outputs/" + i;
            Output output = requireGiven(field, outputs.get(i), "an output");
            requested.add(requested(output, find("output", field, output.name, specs, names), field, binary));
        }
        return requested;
    }

    private static RequestedOutput requested(Output output, TensorSpec spec, String field, boolean binary) {
        OutputParameters options = requireNonNullElse(output.parameters, new OutputParameters(null, null));
        int classes = requireNonNullElse(options.classification, 0);
        require(
                field + "/parameters/classification",
                classes >= 0,
                "classification must be at least 0, but was " + classes);
        require(
                field + "/parameters/classification",
                classes == 0 || spec.name().equals(ModelSignature.PROBABILITIES),
                "classification is for the output \"%s\" of a classifier, but was given for \"%s\""
                        .formatted(ModelSignature.PROBABILITIES, spec.name()));
        return new RequestedOutput(spec, classes, requireNonNullElse(options.binaryData, binary));
    }

    /** A request whose body is the data of the only input. */
    static InferenceRequest ofRaw(ModelSignature signature, InputStream body, LongConsumer memory) throws IOException {
        List<TensorSpec> inputs = signature.inputs();
        TensorSpec matrix = signature.matrix();
        require(
                "inputs",
                matrix != null || inputs.size() == 1,
                "a body without a JSON header is for a model with a single input, but this one has " + inputs.size());
        TensorSpec spec = matrix == null ? inputs.get(0) : matrix;
        List<RequestedOutput> outputs = signature.outputs().stream()
                .map(output -> new RequestedOutput(output, 0, false))
                .toList();
        return new InferenceRequest(
                UUID.randomUUID().toString(), List.of(BinaryTensors.readRaw(spec, body, memory)), outputs);
    }
}
