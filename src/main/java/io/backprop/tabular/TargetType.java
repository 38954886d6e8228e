package io.backprop.tabular;

/** How the column to predict is interpreted. */
public enum TargetType {
    /** As names of classes, even if they are numbers. */
    CLASSES,
    NUMBERS,
    /** As numbers if all values are numbers or all are dates, else as names of classes. */
    INFERRED
}
