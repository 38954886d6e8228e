/**
 * Predictions from published versions of a model: predict, evaluate, feature importance. Each request reads one immutable\n * version, so that no lock is needed and a training never disturbs a prediction.
 */
@NullMarked
package io.backprop.prediction;

import org.jspecify.annotations.NullMarked;
