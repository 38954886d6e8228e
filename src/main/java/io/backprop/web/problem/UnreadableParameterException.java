package io.backprop.web.problem;

/** A parameter of the URL, or a header, is not of the form that it must have. */
public class UnreadableParameterException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String parameter;

    /**
     * @param parameter its name
     * @param detail the rule and what was received, {@code must have at most 255 characters, but has 300}
     */
    public UnreadableParameterException(String parameter, String detail) {
        super(detail);
        this.parameter = parameter;
    }

    public String parameter() {
        return parameter;
    }
}
