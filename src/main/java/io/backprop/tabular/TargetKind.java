package io.backprop.tabular;

/** What the column to predict is taken for. */
public enum TargetKind {
    /** Names of classes, also where they are numbers. */
    CLASSES,
    NUMBERS,
    /** Words and booleans as names of classes, numbers as numbers. */
    AS_FOUND
}
