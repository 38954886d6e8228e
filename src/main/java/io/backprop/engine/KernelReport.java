package io.backprop.engine;

import io.backprop.engine.kernel.Kernels;

/**
 * Which loops the engine runs on here.
 *
 * @param name {@code simd} or {@code scalar}, with the same results
 * @param vectorBits width of a vector register in use
 */
public record KernelReport(String name, int vectorBits) {

    /** The kernels that were chosen when the JVM started. */
    public static KernelReport current() {
        return new KernelReport(Kernels.best().name(), Kernels.best().vectorBits());
    }

    /** Whether these are the fast ones. */
    public boolean isSimd() {
        return !name.equals(Kernels.scalar().name());
    }
}
