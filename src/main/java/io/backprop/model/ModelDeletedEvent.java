package io.backprop.model;

/** Told to whoever works for a model that it is gone. */
public record ModelDeletedEvent(String id) {}
