/** A model and all models: what is known of a network, its versions and its parameters. */
@NullMarked
package io.backprop.model;

import org.jspecify.annotations.NullMarked;
