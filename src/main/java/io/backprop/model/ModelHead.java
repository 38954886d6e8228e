package io.backprop.model;

import java.time.Instant;

/** Which version of a model is the current one; all that can change about a model but by a new version. */
public record ModelHead(String id, Instant createdAt, long version, boolean training) {}
