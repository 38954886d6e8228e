/**
 * Predictions over HTTP, in JSON, CSV and NDJSON. Rows of a table are predicted in batches while they are read.
 */
@NullMarked
package io.backprop.prediction.web;

import org.jspecify.annotations.NullMarked;
