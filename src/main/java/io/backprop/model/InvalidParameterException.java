package io.backprop.model;

/** A parameter of the URL, or a header, can be read, but makes no sense. */
public class InvalidParameterException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String parameter;

    /**
     * @param parameter its name
     * @param detail the rule and what was received, {@code must be at least 1, but was 0}
     */
    public InvalidParameterException(String parameter, String detail) {
        super(detail);
        this.parameter = parameter;
    }

    public String parameter() {
        return parameter;
    }
}
