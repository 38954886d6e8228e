package io.backprop.interchange;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

import io.backprop.engine.InvalidArgumentException;
import io.backprop.engine.Network;
import io.backprop.engine.NetworkSpec;
import io.backprop.engine.Vector;
import io.backprop.interchange.onnx.ElementType;
import io.backprop.interchange.onnx.ImportedModel;
import io.backprop.interchange.onnx.OnnxException;
import io.backprop.interchange.onnx.OnnxExporter;
import io.backprop.interchange.onnx.OnnxGraph;
import io.backprop.interchange.onnx.OnnxImporter;
import io.backprop.interchange.onnx.OnnxModel;
import io.backprop.interchange.onnx.OnnxNode;
import io.backprop.interchange.onnx.OnnxReader;
import io.backprop.interchange.onnx.OnnxTensor;
import io.backprop.interchange.onnx.OnnxWriter;
import io.backprop.limits.ComputeBudget;
import io.backprop.limits.MemoryBudget;
import io.backprop.limits.RequestLimits;
import io.backprop.model.Description;
import io.backprop.model.Model;
import io.backprop.model.ModelService;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/**
 * Models as ONNX files. A file that this service has written has the description of its model in the metadata, so that the
 * model is restored as it was. The description is believed only if the model has the same file again, byte for byte;
 * otherwise, the graph alone is imported, as those of other programs are.
 */
@Service
public class OnnxModels {

    private static final String LAYER = "Gemm"; // inputs: the numbers, weights (inputs × units), biases
    private static final int PARAMETERS_IN_MEMORY = 3; // times: tensors of the file, the model, tensors of its file
    private static final int DESCRIPTION_BYTES = 20; // in memory, for each character

    private static final String CHANGED = "the file was changed after it had been exported; ";

    private final ModelDescriptions descriptions;
    private final ModelService models;
    private final OnnxImporter importer;
    private final MemoryBudget memory;
    private final ComputeBudget compute;
    private final Clock clock;

    OnnxModels(
            ModelDescriptions descriptions,
            ModelService models,
            RequestLimits limits,
            MemoryBudget memory,
            ComputeBudget compute,
            Clock clock) {
        this.descriptions = descriptions;
        this.models = models;
        this.importer = new OnnxImporter(limits, memory);
        this.memory = memory;
        this.compute = compute;
        this.clock = clock;
    }

    /** The file of a version of a model that has parameters. */
    public OnnxModel export(Model model) {
        if (model.ensemble() != null) {
            memory.acquire(model.ensemble().parameterCount() * Float.BYTES);
        }
        return OnnxExporter.export(model, descriptions.write(model));
    }

    /**
     * Imports a model.
     *
     * @param id null for that of a file of this service, and for a random one
     * @param file not modified
     * @throws OnnxException if it is not an ONNX file, or has a model that cannot be represented
     * @throws ModelFileException if it is a changed file of this service whose graph cannot be represented
     */
    public Model importModel(@Nullable String id, byte[] file) {
        if (ComputeBudget.isLargeBody(file.length)) {
            compute.acquire();
        }
        memory.acquire(OnnxReader.memory(file.length));
        OnnxModel read = OnnxReader.read(file);
        memory.acquire((long) PARAMETERS_IN_MEMORY * file.length);
        String description = read.metadata().get(OnnxExporter.DESCRIPTION);
        Model own = description == null ? null : restore(id, read, description, file);
        if (own == null) {
            own = description == null ? convert(id, read, List.of()) : convertChanged(id, read);
        }
        return models.importModel(own);
    }

    /** Returns null if the model has another file. */
    private @Nullable Model restore(@Nullable String id, OnnxModel read, String description, byte[] file) {
        memory.acquire((long) DESCRIPTION_BYTES * description.length());
        Model restored;
        try {
            ModelDescription described = descriptions.read(description);
            NetworkSpec spec = described.networkSpec().orElse(null);
            if (spec == null) {
                return null;
            }
            models.requireWithinLimits(described.model().spec());
            restored = described.withNetworks(networks(spec, described.networks(), read.graph()));
        } catch (ModelFileException | InvalidArgumentException e) {
            return null;
        }
        if (!Arrays.equals(file, OnnxWriter.write(export(restored)))) {
            return null;
        }
        Model named = id == null ? restored : restored.withId(id);
        models.requireImportable(named);
        return named;
    }

    private static List<Network> networks(NetworkSpec spec, int count, OnnxGraph graph) {
        Map<String, OnnxTensor> tensors = graph.initializers().stream()
                .collect(Collectors.toMap(OnnxTensor::name, Function.identity(), (first, second) -> first));
        List<OnnxTensor> parameters = graph.nodes().stream()
                .filter(node -> node.operator().equals(LAYER))
                .flatMap(node -> parametersOf(node, tensors))
                .toList();
        int perNetwork = 2 * spec.layers().size();
        requireArgument(parameters.size() == count * perNetwork, "layers must be those of %d networks", count);
        List<Network> networks = new ArrayList<>();
        for (int first = 0; first < parameters.size(); first += perNetwork) {
            networks.add(network(spec, parameters.subList(first, first + perNetwork)));
        }
        return networks;
    }

    private static Stream<OnnxTensor> parametersOf(OnnxNode layer, Map<String, OnnxTensor> tensors) {
        return layer.inputs().stream()
                .skip(1)
                .map(tensors::get)
                .filter(tensor -> tensor != null && tensor.elementType() == ElementType.FLOAT);
    }

    /** A network whose parameters are in the order of those of {@link NetworkSpec}. */
    private static Network network(NetworkSpec spec, List<OnnxTensor> tensors) {
        float[] parameters = new float[spec.parameterCount()];
        int end = 0;
        for (OnnxTensor tensor : tensors) {
            float[] values = tensor.floats();
            requireArgument(values.length <= parameters.length - end, "parameters must be %d", parameters.length);
            System.arraycopy(values, 0, parameters, end, values.length);
            end += values.length;
        }
        requireArgument(end == parameters.length, "parameters must be %d, but are %d", parameters.length, end);
        for (float parameter : parameters) {
            if (!Float.isFinite(parameter)) {
                throw new InvalidArgumentException("parameters must be finite, but one is " + parameter);
            }
        }
        return Network.of(spec, Vector.wrap(parameters));
    }

    private Model convertChanged(@Nullable String id, OnnxModel read) {
        try {
            return convert(id, read, List.of(CHANGED + "its graph is imported, but not the settings of the model"));
        } catch (OnnxException e) {
            throw new ModelFileException(CHANGED + "its graph alone cannot be imported: " + e.getMessage(), e);
        }
    }

    private Model convert(@Nullable String id, OnnxModel read, List<String> warnings) {
        ImportedModel imported = importer.read(read);
        Instant now = clock.instant();
        Model model = new Model(
                id == null ? ModelService.generateId() : id,
                imported.spec(),
                Description.NONE,
                0,
                imported.ensemble(),
                1,
                0,
                false,
                null,
                null,
                Stream.concat(warnings.stream(), imported.warnings().stream()).toList(),
                now,
                now);
        models.requireImportable(model);
        return model;
    }
}
