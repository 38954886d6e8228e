/**
 * The loops over {@code float[]} in which training and prediction spend their time. {@link
 * io.backprop.engine.kernel.Kernels#best} returns the SIMD implementation if the JVM supports it, otherwise the scalar one.
 * Both produce the same bits, because both follow the orders of operations that {@link io.backprop.engine.kernel.Kernels}
 * specifies and the functions of {@link io.backprop.engine.kernel.FloatMath}. {@link io.backprop.engine.kernel.NarrowLayer}
 * is a small layer that processes one example at a time. Methods do not validate their arguments. {@link
 * io.backprop.engine.kernel.Kernels} have no state; what has, such as a layer or the scratch memory of a {@link
 * io.backprop.engine.kernel.MatrixMultiplier}, belongs to the caller that created it.
 */
@NullMarked
package io.backprop.engine.kernel;

import org.jspecify.annotations.NullMarked;
