package io.backprop.engine;

/** Computes predictions and losses of examples, a few hundred at a time, in one forward pass. */
final class EvaluationPass {

    private static final int MAX_ROWS = 256;

    private final Loss loss;
    private final ForwardPass forward;
    private final OutputRow outputRow;
    private final Batch batch = new Batch();
    private final int maxRows;

    /**
     * @param examples maximum number of examples per evaluation; a small number takes little memory
     */
    EvaluationPass(Execution execution, NetworkSpec spec, int examples) {
        this.loss = spec.loss();
        this.maxRows = ForwardPass.maxRows(spec, Math.min(MAX_ROWS, examples));
        this.forward = ForwardPass.forPrediction(execution, spec, maxRows);
        this.outputRow = forward.outputRow();
    }

    /** Runs the next examples, starting with number {@code first}, and returns them. */
    Batch run(float[] parameters, Examples examples, int first) {
        batch.view(examples, first, Math.min(maxRows, examples.size() - first));
        forward.run(parameters, batch.inputs, batch.inputsOffset, batch.rows);
        return batch;
    }

    /** Predictions for the last batch, rows × outputs. */
    float[] predictions() {
        return forward.predictions();
    }

    /** Adds the weighted losses of the last batch to a sum, one by one. */
    double addLosses(double sum) {
        double total = sum;
        for (int row = 0; row < batch.rows; row++) {
            total += batch.weight(row) * loss.of(outputRow.at(row, batch.targets, batch.targetsOffset));
        }
        return total;
    }
}
