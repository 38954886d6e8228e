package io.backprop.prediction.web;

import io.backprop.engine.Matrix;
import io.backprop.tabular.PredictionSink;
import io.backprop.tabular.TableScorer;
import io.backprop.tabular.TargetUnit;
import java.io.OutputStream;
import java.util.List;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;

/** Writes a JSON object per row: the prediction, and for a classification the probability of each class. */
final class NdjsonPredictionWriter implements PredictionSink {

    private final TableScorer scorer;
    private final List<String> classes;
    private final TargetUnit unit;
    private final JsonGenerator json;

    NdjsonPredictionWriter(TableScorer scorer, JsonMapper mapper, OutputStream out) {
        this.scorer = scorer;
        this.classes = scorer.classes();
        this.unit = scorer.unit();
        this.json = mapper.writer().withRootValueSeparator("").createGenerator(out);
    }

    @Override
    public Consumer<Matrix> endBatch() {
        return this::write;
    }

    private void write(Matrix predictions) {
        List<String> labels = classes.isEmpty() ? List.of() : scorer.labels(predictions);
        Matrix probabilities = classes.isEmpty() ? predictions : scorer.probabilities(predictions);
        for (int row = 0; row < predictions.rows(); row++) {
            json.writeStartObject();
            json.writeName("prediction");
            if (unit.isDate()) {
                json.writeString(unit.toIso8601(predictions.get(row, 0)));
            } else if (classes.isEmpty()) {
                writeNumber(predictions.get(row, 0));
            } else {
                json.writeString(labels.get(row));
                writeProbabilities(probabilities, row);
            }
            json.writeEndObject();
            json.writeRaw('\n');
        }
        json.flush();
    }

    private void writeProbabilities(Matrix probabilities, int row) {
        json.writeObjectPropertyStart("probabilities");
        for (int i = 0; i < classes.size(); i++) {
            json.writeName(classes.get(i));
            writeNumber(probabilities.get(row, i));
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
