package io.backprop.tabular;

import org.jspecify.annotations.Nullable;

/** A column that tells which rows are for training and which for validation. It is not a feature; its cells are texts. */
public record RowDivision(Kind kind, String column) {

    public static final String TRAINING = "train";
    public static final String VALIDATION = "validation";

    /** What the cells mean. */
    public enum Kind {
        /** Either {@link #TRAINING} or {@link #VALIDATION}. */
        PART,
        /** Names of groups, whose rows stay together. */
        GROUP
    }

    /** The column if its cells have this meaning, else null. */
    public @Nullable String columnOf(Kind wanted) {
        return kind == wanted ? column : null;
    }
}
