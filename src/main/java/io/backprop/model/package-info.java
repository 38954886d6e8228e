/**
 * A model and all models. {@link io.backprop.model.Model} is a value: what a client described, what the data told, and
 * the network that came of it; a change makes a new one, which is kept in the {@link io.backprop.model.ModelStore} before
 * {@code ModelCache} puts it in the place of the old. Predictions read one such value, so that no lock is needed and no
 * half-trained network is ever seen.
 */
@NullMarked
package io.backprop.model;

import org.jspecify.annotations.NullMarked;
