/**
 * Predictions, evaluations and permutation importance. A {@link io.backprop.prediction.Predictor} is a version of a model,
 * which is immutable: a request computes with one version from start to end, without locks. Tables are read in batches by
 * {@link io.backprop.prediction.TablePredictions}.
 */
@NullMarked
package io.backprop.prediction;

import org.jspecify.annotations.NullMarked;
