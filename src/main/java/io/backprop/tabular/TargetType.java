package io.backprop.tabular;

/** What the column to predict is taken for. */
public enum TargetType {
    /** Names of classes, also where they are numbers. */
    CLASSES,
    NUMBERS,
    /** StringDictionary and booleans as names of classes, numbers as numbers. */
    INFERRED
}
