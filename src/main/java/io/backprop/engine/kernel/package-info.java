/**
 * The loops over {@code float[]} in which training and prediction spend their time. {@link
 * io.backprop.engine.kernel.Kernels#best} gives them in SIMD vectors where the JVM has these, else in plain Java; both give
 * the same bits, as both follow the orders written down in {@link io.backprop.engine.kernel.Kernels} and the functions of
 * {@link io.backprop.engine.kernel.FloatMath}, so nothing but the clock tells which ones ran. {@link
 * io.backprop.engine.kernel.OptimizerSteps} are plain loops that the JIT makes vectors of by itself, and a {@link
 * io.backprop.engine.kernel.NarrowLayer} takes a small layer through one example at a time. Nothing here checks its
 * arguments, and nothing but a {@code NarrowLayer} keeps state beyond a scratch array per thread.
 */
@NullMarked
package io.backprop.engine.kernel;

import org.jspecify.annotations.NullMarked;
