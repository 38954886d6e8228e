/**
 * Predictions over HTTP, in JSON, CSV and NDJSON. Rows of a table are predicted while they are read, in bounded batches.
 */
@NullMarked
package io.backprop.prediction.web;

import org.jspecify.annotations.NullMarked;
