package io.backprop.openinference;

/**
 * The phases of an inference, in nanoseconds.
 *
 * @param queue while other large requests were decoded or computed
 * @param computeInput to decode the inputs
 * @param computeInfer to predict
 * @param computeOutput to encode the outputs
 */
public record InferenceDurations(long queue, long computeInput, long computeInfer, long computeOutput) {

    long total() {
        return queue + computeInput + computeInfer + computeOutput;
    }
}
