/** Loops over arrays of floats. */
@NullMarked
package io.backprop.engine.kernel;

import org.jspecify.annotations.NullMarked;
