/**
 * Models and their versions. {@link io.backprop.model.Model} is an immutable value; a change is written to the {@link
 * io.backprop.model.ModelStore} and then replaces the value in the cache. Predictions use one such value, so that they need
 * no lock and never see a partly trained network.
 */
@NullMarked
package io.backprop.model;

import org.jspecify.annotations.NullMarked;
