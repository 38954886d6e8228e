package io.backprop.model;

import java.time.Instant;

/**
 * What changes about a model.
 *
 * @param version the current one
 * @param changes number of changes of the settings and the description
 * @param training whether a training is queued or running
 */
public record ModelHead(String id, Instant createdAt, long version, long changes, boolean training) {}
