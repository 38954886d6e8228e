package io.backprop.model;

/** A training is about to change the model, which nobody else may do meanwhile. */
public class ModelInTrainingException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public ModelInTrainingException(String id) {
        this(id, "is being trained; wait for the training or cancel it");
    }

    private ModelInTrainingException(String id, String what) {
        super("the model \"" + id + "\" " + what);
    }

    /** It was, and what was prepared for the model as it was before is of no use. */
    public static ModelInTrainingException meanwhile(String id) {
        return new ModelInTrainingException(id, "was changed while the table was read; send it again");
    }
}
