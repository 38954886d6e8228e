package io.backprop.model;

/** The result of comparing a version's predictions with targets. */
public record Evaluation(Model model, int examples, double loss, Metrics metrics) {}
