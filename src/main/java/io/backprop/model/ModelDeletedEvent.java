package io.backprop.model;

/** Published when a model has been deleted, before its id can be used again. */
public record ModelDeletedEvent(String id) {}
