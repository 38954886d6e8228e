/**
 * The Open Inference Protocol, version 2, which Triton, KServe and MLServer speak: models as inputs and outputs that are
 * named, typed tensors, and statistics of their inferences. Unloading a model concerns this protocol in this process only.
 */
@NullMarked
package io.backprop.openinference;

import org.jspecify.annotations.NullMarked;
