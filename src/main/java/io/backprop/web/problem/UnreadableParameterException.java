package io.backprop.web.problem;

/** A parameter of the URL or a header cannot be parsed. */
public class UnreadableParameterException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String parameter;

    /**
     * @param parameter name of the parameter or header
     * @param detail the rule and the received value: {@code must have at most 255 characters, but has 300}
     */
    public UnreadableParameterException(String parameter, String detail) {
        super(detail);
        this.parameter = parameter;
    }

    FieldProblem error() {
        return FieldProblem.parameter(parameter, String.valueOf(getMessage()));
    }
}
