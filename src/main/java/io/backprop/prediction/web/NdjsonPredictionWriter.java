package io.backprop.prediction.web;

import io.backprop.engine.Matrix;
import io.backprop.prediction.PredictionSink;
import io.backprop.prediction.Predictor;
import io.backprop.tabular.TargetUnit;
import java.io.OutputStream;
import java.util.List;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;

/** Writes a JSON object per row: the prediction, and for a classification the probability of each class. */
final class NdjsonPredictionWriter implements PredictionSink {

    private final Predictor predictor;
    private final List<String> classes;
    private final TargetUnit unit;
    private final JsonGenerator json;

    NdjsonPredictionWriter(Predictor predictor, JsonMapper mapper, OutputStream out) {
        this.predictor = predictor;
        this.classes = predictor.classes();
        this.unit = predictor.unit();
        this.json = mapper.writer().withRootValueSeparator("").createGenerator(out);
    }

    @Override
    public Consumer<Matrix> endBatch() {
        return this::write;
    }

    private void write(Matrix predictions) {
        List<String> labels = classes.isEmpty() ? List.of() : predictor.labels(predictions);
        for (int row = 0; row < predictions.rows(); row++) {
            json.writeStartObject();
            json.writeName("prediction");
            if (unit.isDate()) {
                json.writeString(unit.toIso8601(predictions.get(row, 0)));
            } else if (classes.isEmpty()) {
                writeNumber(predictions.get(row, 0));
            } else {
                json.writeString(labels.get(row));
                writeProbabilities(predictor.probabilities(predictions, row));
            }
            json.writeEndObject();
            json.writeRaw('\n');
        }
        json.flush();
    }

    private void writeProbabilities(float[] probabilities) {
        json.writeObjectPropertyStart("probabilities");
        for (int i = 0; i < probabilities.length; i++) {
            json.writeName(classes.get(i));
            writeNumber(probabilities[i]);
        }
        json.writeEndObject();
    }

    private void writeNumber(float number) {
        if (Float.isFinite(number)) {
            json.writeNumber(number);
        } else {
            json.writeNull();
        }
    }
}
