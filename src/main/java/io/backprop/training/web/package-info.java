/**
 * Trainings and cross-validations over HTTP. A request that starts a training waits for its end for a limited time; the
 * training continues without it. Neither such a request nor a stream of events occupies a thread while it waits. A table is
 * read here, after everything that can be checked without it.
 */
@NullMarked
package io.backprop.training.web;

import org.jspecify.annotations.NullMarked;
