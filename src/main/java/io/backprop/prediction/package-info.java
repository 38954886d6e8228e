/**
 * Predictions, evaluations and permutation importance. A {@link io.backprop.prediction.Predictor} is a version of a model,
 * which is immutable: a request computes with one version from start to end, without locks. Tables are read in batches by
 * {@link io.backprop.prediction.TablePredictions}.
 *
 * <p>A {@link io.backprop.prediction.Scoring} is the prediction for a table that a driver on a cluster reads and writes. The
 * {@link io.backprop.tabular.TableScorer} that predicts there predicts here too. A request has no idempotency key: of the
 * requests for one output only one is queued or running at a time, and no output is replaced. The scorer of a version needs
 * the scope of its parameters, since it contains them.
 */
@NullMarked
package io.backprop.prediction;

import org.jspecify.annotations.NullMarked;
