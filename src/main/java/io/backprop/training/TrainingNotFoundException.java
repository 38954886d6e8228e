package io.backprop.training;

/** The model has no training of this number. */
public class TrainingNotFoundException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public TrainingNotFoundException(String modelId, int number) {
        super("the model \"" + modelId + "\" has no training " + number);
    }
}
