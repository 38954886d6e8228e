package io.backprop.engine.kernel;

import java.util.Optional;

/** The kernels there are in this JVM. */
final class KernelChoice {

    static final Kernels SCALAR = new ScalarKernels();
    static final Optional<Kernels> SIMD = vectorsAvailable() ? Optional.of(new SimdKernels()) : Optional.empty();

    private KernelChoice() {}

    /** Asks for the module only: a class that names a vector type must not be touched without it. */
    private static boolean vectorsAvailable() {
        return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    }
}
