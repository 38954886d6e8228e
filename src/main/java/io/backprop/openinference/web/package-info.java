/**
 * The Open Inference Protocol over HTTP, under {@code /v2}, and its neighbors: TensorFlow Serving's under {@code /v1}, and
 * {@code /invocations} of MLflow's scoring server.
 */
@NullMarked
package io.backprop.openinference.web;

import org.jspecify.annotations.NullMarked;
