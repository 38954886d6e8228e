package io.backprop.tabular;

/** How the inputs of a network are scaled. */
public enum ScalingMethod {
    /** To mean 0 and standard deviation 1. */
    STANDARD,
    /** By median and interquartile range, to numbers between −3 and 3; the inputs of categories, too. */
    ROBUST
}
