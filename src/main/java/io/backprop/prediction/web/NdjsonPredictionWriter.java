package io.backprop.prediction.web;

import io.backprop.engine.Matrix;
import io.backprop.prediction.Prediction;
import java.io.OutputStream;
import java.util.List;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;

/** Writes a line of JSON for each row: what was predicted, and for a classification the probability of each class. */
final class NdjsonPredictionWriter implements PredictionWriter {

    private final List<String> classes;
    private final JsonGenerator json;

    /**
     * @param classes names of all; none unless the model classifies
     */
    NdjsonPredictionWriter(List<String> classes, JsonMapper mapper, OutputStream out) {
        this.classes = classes;
        this.json = mapper.writer().withRootValueSeparator("").createGenerator(out);
    }

    @Override
    public Consumer<Prediction> endPart() {
        return this::write;
    }

    private void write(Prediction prediction) {
        Matrix predictions = prediction.predictions();
        for (int row = 0; row < predictions.rows(); row++) {
            json.writeStartObject();
            json.writeName("prediction");
            if (prediction.labels() == null) {
                writeNumber(predictions.get(row, 0));
            } else {
                json.writeString(prediction.labels().get(row));
                writeProbabilities(predictions, row);
            }
            json.writeEndObject();
            json.writeRaw('\n');
        }
        json.flush();
    }

    private void writeProbabilities(Matrix predictions, int row) {
        json.writeObjectPropertyStart("probabilities");
        for (int i = 0; i < classes.size(); i++) {
            json.writeName(classes.get(i));
            writeNumber(Probabilities.of(predictions, row, i));
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
