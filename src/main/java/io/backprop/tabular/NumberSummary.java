package io.backprop.tabular;

/**
 * Statistics of at least one number.
 *
 * @param mean {@code Σx / n}, correctly rounded
 * @param variance {@code Σ(x − mean)² / n}, of the population, correctly rounded; exactly 0 if all numbers are equal
 */
public record NumberSummary(long count, double mean, double variance, float minimum, float maximum) {}
