/**
 * Trainings and cross-validations over HTTP. A request that starts a training waits for its end for a limited time; the
 * training continues without it. Neither such a request nor a stream of events occupies a thread while it waits. A table is
 * read here, after everything that can be checked without it.
 *
 * <p>Drivers on Spark claim trainings of tables here, and send what {@link io.backprop.driver} describes. These operations are
 * not in the OpenAPI document: service and driver are of one build and share the records of their documents, and clients that
 * are generated from the document have no use for them.
 */
@NullMarked
package io.backprop.training.web;

import org.jspecify.annotations.NullMarked;
