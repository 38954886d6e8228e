package io.backprop.engine;

import io.backprop.engine.kernel.Kernels;
import java.util.Optional;

/**
 * The kernels that the engine uses on this machine.
 *
 * @param name {@code simd} or {@code scalar}; both produce the same results
 * @param vectorBits width of a vector register in bits
 * @param hint why they are slower than they could be, and what to do; empty if they are not
 */
public record KernelReport(String name, int vectorBits, Optional<String> hint) {

    /** Describes the kernels chosen for this JVM. */
    public static KernelReport current() {
        return new KernelReport(Kernels.best().name(), Kernels.best().vectorBits(), Kernels.hint());
    }

    /** Whether the fast kernels are in use. */
    public boolean isSimd() {
        return !name.equals(Kernels.scalar().name());
    }
}
