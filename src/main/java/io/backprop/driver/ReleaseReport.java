package io.backprop.driver;

/** Gives up a claim, so that another driver can take the work at once. */
public record ReleaseReport(long lease) {}
