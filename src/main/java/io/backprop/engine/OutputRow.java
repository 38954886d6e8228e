package io.backprop.engine;

/** Logits, predictions and targets of one example; moves from row to row without allocation. */
final class OutputRow {

    final int outputs;
    private final float[] logits; // examples × outputs
    private final float[] predictions; // examples × outputs
    private float[] targets = new float[0]; // examples × outputs
    private int offset;
    private int targetsOffset;

    OutputRow(float[] logits, float[] predictions, int outputs) {
        this.logits = logits;
        this.predictions = predictions;
        this.outputs = outputs;
    }

    /** Moves to a row of a batch whose targets begin at {@code firstTarget}. */
    OutputRow at(int row, float[] targets, int firstTarget) {
        this.targets = targets;
        this.offset = row * outputs;
        this.targetsOffset = firstTarget + row * outputs;
        return this;
    }

    float logit(int i) {
        return logits[offset + i];
    }

    float prediction(int i) {
        return predictions[offset + i];
    }

    float target(int i) {
        return targets[targetsOffset + i];
    }
}
