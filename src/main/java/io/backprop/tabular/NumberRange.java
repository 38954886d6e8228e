package io.backprop.tabular;

/** The smallest, the middle and the largest of some numbers. */
public record NumberRange(float minimum, float median, float maximum) {}
