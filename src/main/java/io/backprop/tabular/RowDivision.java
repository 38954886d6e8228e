package io.backprop.tabular;

/** A column that tells which rows are for training and which for validation. It is not a feature; its cells are texts. */
public record RowDivision(Kind kind, String column) {

    /** What the cells mean. */
    public enum Kind {
        /** Either {@link #TRAINING} or {@link #VALIDATION}. */
        PART,
        /** Names of groups, whose rows stay together. */
        GROUP
    }

    public static final String TRAINING = "train";
    public static final String VALIDATION = "validation";
}
