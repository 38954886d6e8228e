package io.backprop.openinference;

import io.backprop.engine.Matrix;
import io.backprop.limits.ComputeBudget;
import io.backprop.limits.MemoryBudget;
import io.backprop.model.InvalidInputException;
import io.backprop.model.Model;
import io.backprop.prediction.Prediction;
import io.backprop.prediction.PredictionService;
import io.backprop.prediction.Predictor;
import io.backprop.prediction.TablePredictions;
import io.backprop.tabular.CellRules;
import io.backprop.tabular.InvalidCells;
import io.backprop.tabular.RowSink;
import io.backprop.tabular.RowSink.CellKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.springframework.stereotype.Service;

/** Predicts for tensors. */
@Service
public class InferenceService {

    private static final int TEXT_BYTES = 80; // of a short string, and its place in a list

    private final PredictionService predictions;
    private final TablePredictions tables;
    private final InferenceStatistics statistics;
    private final MemoryBudget memory;
    private final ComputeBudget compute;

    InferenceService(
            PredictionService predictions,
            TablePredictions tables,
            InferenceStatistics statistics,
            MemoryBudget memory,
            ComputeBudget compute) {
        this.predictions = predictions;
        this.tables = tables;
        this.statistics = statistics;
        this.memory = memory;
        this.compute = compute;
    }

    /**
     * Predicts with a version of a model, and records it in the statistics.
     *
     * @param read reads the request for a model with the given signature
     */
    public InferenceResponse infer(Model model, Function<ModelSignature, InferenceRequest> read) {
        long start = System.nanoTime();
        try {
            ModelSignature signature = ModelSignature.of(model);
            InferenceRequest request = read.apply(signature);
            long decoded = System.nanoTime();
            long queuedToDecode = compute.waited();
            Predictor predictor = new Predictor(model);
            Prediction prediction = predict(predictor, signature, request.inputs());
            long predicted = System.nanoTime();
            long queued = compute.waited();
            List<InferenceOutput> outputs = request.outputs().stream()
                    .map(output -> output(output, prediction))
                    .toList();
            int rows = request.inputs().get(0).rows();
            long encoded = System.nanoTime();
            statistics.succeeded(
                    model,
                    rows,
                    new InferenceDurations(
                            queued,
                            decoded - start - queuedToDecode,
                            predicted - decoded - (queued - queuedToDecode),
                            encoded - predicted));
            return new InferenceResponse(model, request.id(), outputs, prediction.warnings());
        } catch (RuntimeException e) {
            statistics.failed(model, System.nanoTime() - start);
            throw e;
        }
    }

    private Prediction predict(Predictor predictor, ModelSignature signature, List<InferenceInput> inputs) {
        if (signature.columns().isEmpty()) {
            return predictions.predict(predictor, inputs.get(0).toMatrix());
        }
        List<String> columns =
                signature.columns().stream().map(TensorSpec::name).toList();
        boolean isMatrix = inputs.get(0).spec().equals(signature.matrix());
        CellRules rules = new CellRules(predictor.cellFormat(), InvalidCells.ERROR);
        return tables.predict(
                predictor,
                isMatrix ? sink -> writeMatrix(columns, inputs.get(0), sink) : sink -> writeColumns(inputs, sink),
                rules);
    }

    private static void writeMatrix(List<String> columns, InferenceInput matrix, RowSink sink) {
        sink.begin(columns);
        for (int row = 0; row < matrix.rows(); row++) {
            for (int column = 0; column < columns.size(); column++) {
                sink.number(column, matrix.number(row, column));
            }
            sink.endRow();
        }
    }

    private static void writeColumns(List<InferenceInput> columns, RowSink sink) {
        sink.begin(columns.stream().map(column -> column.spec().name()).toList());
        for (int row = 0; row < columns.get(0).rows(); row++) {
            int characters = 0;
            for (int i = 0; i < columns.size(); i++) {
                InferenceInput column = columns.get(i);
                if (column.isText()) {
                    char[] text = column.text(row).toCharArray();
                    characters += text.length;
                    if (characters > RowSink.MAX_ROW_CHARACTERS) {
                        throw new InvalidInputException(
                                "inputs",
                                "a row may have at most %,d characters, but row %d has more"
                                        .formatted(RowSink.MAX_ROW_CHARACTERS, row));
                    }
                    sink.cell(i, CellKind.TEXT, text, 0, text.length);
                } else {
                    sink.number(i, column.number(row, 0));
                }
            }
            sink.endRow();
        }
    }

    private InferenceOutput output(RequestedOutput requested, Prediction prediction) {
        String name = requested.output().name();
        if (name.equals(ModelSignature.LABEL)) {
            List<String> labels = Objects.requireNonNull(prediction.labels());
            return new InferenceOutput.Texts(name, List.of(labels.size()), labels, requested.binary());
        }
        Matrix values = prediction.predictions();
        return requested.classes() == 0
                ? new InferenceOutput.Numbers(name, values, requested.binary())
                : mostProbable(requested, values, Objects.requireNonNull(prediction.classes()));
    }

    /** The most probable classes of each row, as {@code PROBABILITY:INDEX:NAME}. */
    private InferenceOutput mostProbable(RequestedOutput requested, Matrix probabilities, List<String> classes) {
        int count = Math.min(requested.classes(), classes.size());
        memory.acquire((long) probabilities.rows() * count * TEXT_BYTES);
        List<String> texts = new ArrayList<>(Math.multiplyExact(probabilities.rows(), count));
        long[] keys = new long[classes.size()]; // the complement of the probability's bits, then the index
        for (int row = 0; row < probabilities.rows(); row++) {
            for (int i = 0; i < keys.length; i++) {
                int order = Integer.MAX_VALUE - Float.floatToIntBits(probabilities.get(row, i)); // none is negative
                keys[i] = (long) order << Integer.SIZE | i;
            }
            Arrays.sort(keys);
            for (int i = 0; i < count; i++) {
                int index = (int) keys[i];
                texts.add(probabilities.get(row, index) + ":" + index + ":" + classes.get(index));
            }
        }
        return new InferenceOutput.Texts(
                requested.output().name(), List.of(probabilities.rows(), count), texts, requested.binary());
    }
}
