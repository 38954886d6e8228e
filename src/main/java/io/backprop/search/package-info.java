/**
 * Searches for the best hyper-parameters of a model: trials with other settings are trained and compared on held-out rows.
 *
 * <p>A search is a training of kind SEARCH, whose parts are its trials. Which trials exist, what each of them has learned
 * and which of them go on follows from stored values alone, never from timing, so that any replica may decide what is next.
 */
@NullMarked
package io.backprop.search;

import org.jspecify.annotations.NullMarked;
