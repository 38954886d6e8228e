package io.backprop.engine;

/** The examples that a training is checked against after each epoch, in one pass. */
final class Validation {

    private final Examples examples;
    private final LossPass pass;

    Validation(Processor processor, NetworkSpec spec, Examples examples) {
        this.examples = examples;
        this.pass = new LossPass(processor, spec, examples.size());
    }

    /**
     * The mean loss of a network with the given parameters, each example's times its weight.
     *
     * @param question asked now and then; once it says stop, the result means nothing
     */
    double loss(float[] parameters, StopQuestion question) {
        double sum = 0;
        int first = 0;
        while (first < examples.size()) {
            if (first > 0 && question.saysStop()) {
                return Double.NaN;
            }
            int rows = pass.take(parameters, examples, first).rows;
            sum = pass.addLosses(sum);
            first += rows;
        }
        return sum / examples.size();
    }
}
