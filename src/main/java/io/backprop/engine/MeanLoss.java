package io.backprop.engine;

/** The mean loss over examples, each times its weight; takes them a few hundred at a time. */
final class MeanLoss {

    private static final int ROWS = 256;

    private final Examples examples;
    private final Loss loss;
    private final ForwardPass forward;
    private final OutputRow outputRow;
    private final Batch batch = new Batch();
    private final int rowsAtOnce;

    MeanLoss(Processor processor, NetworkSpec spec, Examples examples) {
        this.examples = examples;
        this.loss = spec.loss();
        this.rowsAtOnce = ForwardPass.rowsAtOnce(spec, Math.min(ROWS, examples.size()));
        this.forward = ForwardPass.forPrediction(processor, spec, rowsAtOnce);
        this.outputRow = forward.outputRow();
    }

    /**
     * The loss of a network with the given parameters.
     *
     * @param question asked now and then; once it says stop, the result means nothing
     */
    double of(float[] parameters, StopQuestion question) {
        double sum = 0;
        for (int first = 0; first < examples.size(); first += rowsAtOnce) {
            if (first > 0 && question.saysStop()) {
                return Double.NaN;
            }
            batch.view(examples, first, Math.min(rowsAtOnce, examples.size() - first));
            forward.run(parameters, batch.inputs, batch.inputsOffset, batch.rows);
            for (int row = 0; row < batch.rows; row++) {
                sum += batch.weight(row) * loss.of(outputRow.at(row, batch.targets, batch.targetsOffset));
            }
        }
        return sum / examples.size();
    }
}
