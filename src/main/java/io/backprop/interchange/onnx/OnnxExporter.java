package io.backprop.interchange.onnx;

import io.backprop.engine.Ensemble;
import io.backprop.interchange.onnx.OnnxValue.Dimension;
import io.backprop.model.Architecture;
import io.backprop.model.Model;
import io.backprop.model.ModelException;
import io.backprop.model.Task;
import io.backprop.tabular.Feature;
import io.backprop.tabular.Preprocessing;
import io.backprop.tabular.Preprocessing.Columns;
import io.backprop.tabular.Preprocessing.Standardized;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.boot.json.JsonWriter;

/**
 * Exports a version of a model with its preprocessing as an ONNX graph of operators of version 17, which takes any number of
 * rows and predicts in the unit of the targets. Equal versions give equal graphs.
 *
 * <table>
 *   <caption>Inputs and outputs</caption>
 *   <tr><th>name</th><th>type and shape</th><th>content</th></tr>
 *   <tr><td>{@code inputs}</td><td>float, rows × features</td><td>of a model that learned from rows of numbers</td></tr>
 *   <tr><td>each column</td><td>float, rows</td><td>numbers, and dates as days since 1970; NaN for a missing value</td></tr>
 *   <tr><td>each column</td><td>string, rows</td><td>text without whitespace around it; empty for a missing value</td></tr>
 *   <tr><td>{@code probabilities}</td><td>float, rows × classes</td><td>of a classifier</td></tr>
 *   <tr><td>{@code label}</td><td>string, rows</td><td>the most probable class, unless a row may have several</td></tr>
 *   <tr><td>{@code predictions}</td><td>float, rows × outputs</td><td>of any other model; dates as days since 1970</td></tr>
 * </table>
 *
 * <p>An output with the name of a column has an underscore behind its name. The parameters are the constants of the nodes
 * {@code Gemm}, network by network and layer by layer.
 */
public final class OnnxExporter {

    /** The input of a model that learned from rows of numbers. */
    public static final String INPUTS = "inputs";

    public static final String PROBABILITIES = "probabilities";
    public static final String LABEL = "label";
    public static final String PREDICTIONS = "predictions";

    /** The key of the metadata that contain the description of the model. */
    public static final String DESCRIPTION = "backprop";

    private static final int IR_VERSION = 8;
    private static final long OPSET = 17;
    private static final long ML_OPSET = 3;

    private static final String DAYS = "days since 1970-01-01";

    private static final Dimension ROWS = new Dimension.Free("rows");

    private final Model model;
    private final Ensemble ensemble;
    private final Architecture architecture;
    private final List<OnnxValue> inputs;
    private final GraphBuilder graph;

    private OnnxExporter(Model model, Ensemble ensemble) {
        this.model = model;
        this.ensemble = ensemble;
        this.architecture = model.spec().architecture();
        this.inputs = inputs();
        this.graph = new GraphBuilder(inputs.stream().map(OnnxValue::name).toList());
    }

    /**
     * Exports a version of a model.
     *
     * @param description all of the model but its parameters, for the metadata
     * @throws ModelException if the model has no parameters yet
     */
    public static OnnxModel export(Model model, String description) {
        Ensemble ensemble = model.ensemble();
        if (ensemble == null) {
            throw ModelException.notTrained(model.id());
        }
        return new OnnxExporter(model, ensemble).export(description);
    }

    private OnnxModel export(String description) {
        List<OnnxValue> outputs = outputs();
        addNodes(outputs);
        Map<String, Long> opsets = new LinkedHashMap<>();
        opsets.put("", OPSET);
        if (graph.uses(GraphBuilder.ML)) {
            opsets.put(GraphBuilder.ML, ML_OPSET);
        }
        String text = model.description().text();
        return new OnnxModel(
                IR_VERSION,
                "backprop",
                "", // of the program: an equal model has an equal file
                model.version(),
                text == null ? "" : text,
                opsets,
                graph.build(model.id(), inputs, outputs),
                metadata(outputs.get(0).name(), description));
    }

    private List<OnnxValue> inputs() {
        return architecture.preprocessing() instanceof Columns columns
                ? columns.features().stream().map(OnnxExporter::input).toList()
                : List.of(matrix(INPUTS, ensemble.spec().inputs(), "one column per feature"));
    }

    private static OnnxValue input(Feature feature) {
        if (!(feature instanceof Feature.Numeric numeric)) {
            return column(
                    feature.name(), ElementType.STRING, "text without whitespace around it, empty if it is missing");
        }
        String unit = numeric.dates() ? DAYS : "a number";
        return column(feature.name(), ElementType.FLOAT, unit + ", NaN if it is missing");
    }

    private List<OnnxValue> outputs() {
        int width = ensemble.spec().outputs();
        if (!isClassifier()) {
            String unit =
                    columns().filter(table -> table.unit().isDate()).isPresent() ? DAYS : "in the unit of the targets";
            return List.of(matrix(graph.reserve(PREDICTIONS), width, unit));
        }
        String doc = "of each class, in the order of the labels in the metadata";
        String name = graph.reserve(PROBABILITIES);
        return architecture.isMultiLabel()
                ? List.of(matrix(name, width, doc))
                : List.of(
                        matrix(name, Math.max(2, width), doc),
                        column(graph.reserve(LABEL), ElementType.STRING, "the most probable class"));
    }

    private static OnnxValue matrix(String name, int width, String docString) {
        return new OnnxValue(name, ElementType.FLOAT, List.of(ROWS, new Dimension.Fixed(width)), docString);
    }

    private static OnnxValue column(String name, ElementType elementType, String docString) {
        return new OnnxValue(name, elementType, List.of(ROWS), docString);
    }

    private void addNodes(List<OnnxValue> outputs) {
        String outputsOfNetworks = new NetworkGraph(graph, ensemble).build(encodedInputs());
        String values =
                new ScalingGraph(graph, "targets", architecture.preprocessing().targets()).invert(outputsOfNetworks);
        if (isClassifier() && ensemble.spec().outputs() == 1) {
            String first = graph.add("first", "Sub", graph.constant("one", 1f), values);
            values = graph.add("both", "Concat", Map.of("axis", new OnnxAttribute.OfInt(1)), first, values);
        }
        graph.rename(values, outputs.get(0).name());
        if (outputs.size() > 1) {
            Map<String, OnnxAttribute> attributes =
                    Map.of("axis", new OnnxAttribute.OfInt(1), "keepdims", new OnnxAttribute.OfInt(0));
            String index = graph.add(
                    "label.index", "ArgMax", attributes, outputs.get(0).name());
            String label = graph.add("label.name", "Gather", graph.constant("labels", labels()), index);
            graph.rename(label, outputs.get(1).name());
        }
    }

    private String encodedInputs() {
        Preprocessing preprocessing = architecture.preprocessing();
        if (preprocessing instanceof Columns columns) {
            return new ColumnsGraph(graph, columns).build();
        }
        return preprocessing instanceof Standardized standardized
                ? new ScalingGraph(graph, "features", standardized.inputs()).apply(INPUTS)
                : INPUTS;
    }

    private Map<String, String> metadata(String output, String description) {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("id", model.id());
        metadata.put("version", String.valueOf(model.version()));
        if (isClassifier()) {
            metadata.put("labels", json(labels()));
        }
        List<String> dates =
                columns().stream().flatMap(table -> dates(table, output)).toList();
        if (!dates.isEmpty()) {
            metadata.put("dates", json(dates));
        }
        metadata.put(DESCRIPTION, description);
        return metadata;
    }

    /** The names of the inputs and outputs that are dates. */
    private static Stream<String> dates(Columns table, String output) {
        Stream<String> columns = table.features().stream()
                .filter(feature -> feature instanceof Feature.Numeric numeric && numeric.dates())
                .map(Feature::name);
        return table.unit().isDate() ? Stream.concat(columns, Stream.of(output)) : columns;
    }

    private static String json(List<String> texts) {
        return JsonWriter.standard().writeToString(texts);
    }

    private Optional<Columns> columns() {
        return architecture.preprocessing() instanceof Columns columns ? Optional.of(columns) : Optional.empty();
    }

    private boolean isClassifier() {
        return architecture.outputLayer().task() == Task.CLASSIFICATION;
    }

    private List<String> labels() {
        return architecture.classEncoding(ensemble.spec().outputs()).names();
    }
}
