package io.backprop.engine;

/** A view of what the output layer made of one example, moved from row to row without allocating. */
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

    /** Moves to the given row of the batch, whose targets begin at {@code firstTarget}. */
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
