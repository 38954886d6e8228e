package io.backprop.engine;

/** Takes examples through a network, some hundred at a time, each once for its predictions and its loss. */
final class EvaluationPass {

    private static final int ROWS = 256;

    private final Loss loss;
    private final ForwardPass forward;
    private final OutputRow outputRow;
    private final Batch batch = new Batch();
    private final int rowsAtOnce;

    /**
     * @param examples that come in one go at most; few take little memory
     */
    EvaluationPass(Execution execution, NetworkSpec spec, int examples) {
        this.loss = spec.loss();
        this.rowsAtOnce = ForwardPass.rowsAtOnce(spec, Math.min(ROWS, examples));
        this.forward = ForwardPass.forPrediction(execution, spec, rowsAtOnce);
        this.outputRow = forward.outputRow();
    }

    /** Takes as many examples as go at once, from the given one on, and tells which. */
    Batch take(float[] parameters, Examples examples, int first) {
        batch.view(examples, first, Math.min(rowsAtOnce, examples.size() - first));
        forward.run(parameters, batch.inputs, batch.inputsOffset, batch.rows);
        return batch;
    }

    /** Of the examples taken last, rows × outputs. */
    float[] predictions() {
        return forward.predictions();
    }

    /** A sum and, one after the other, the losses of the examples taken last, each times its weight. */
    double addLosses(double sum) {
        double longer = sum;
        for (int row = 0; row < batch.rows; row++) {
            longer += batch.weight(row) * loss.of(outputRow.at(row, batch.targets, batch.targetsOffset));
        }
        return longer;
    }
}
