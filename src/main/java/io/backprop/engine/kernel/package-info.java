/**
 * The loops over {@code float[]} in which training and prediction spend their time, once in plain Java and once in SIMD
 * vectors. Both give the same bits, so nothing but the clock tells which one ran. Nothing here checks its arguments, and
 * nothing but a {@link NarrowLayer} keeps state beyond a scratch array per thread.
 */
@NullMarked
package io.backprop.engine.kernel;

import org.jspecify.annotations.NullMarked;
