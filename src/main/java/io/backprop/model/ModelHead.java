package io.backprop.model;

import java.time.Instant;

/** The current version of a model, and whether it is being trained. */
public record ModelHead(String id, Instant createdAt, long version, boolean training) {}
