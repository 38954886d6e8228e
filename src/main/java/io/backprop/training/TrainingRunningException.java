package io.backprop.training;

/** A model is trained by one training at a time, and one is running. */
public class TrainingRunningException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String modelId;
    private final int number;

    public TrainingRunningException(String modelId, int number) {
        super("training " + number + " of the model \"" + modelId + "\" is still running; wait for it or cancel it");
        this.modelId = modelId;
        this.number = number;
    }

    public String modelId() {
        return modelId;
    }

    public int number() {
        return number;
    }
}
