package io.backprop.engine.kernel;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Chooses the kernels of this JVM. */
final class KernelProvider {

    /** System property that selects kernels by name; without it the fastest are used. */
    static final String PROPERTY = "backprop.kernel";

    static final Kernels SCALAR = new ScalarKernels();
    static final Optional<Kernels> SIMD = vectorsAvailable() ? Optional.of(new SimdKernels()) : Optional.empty();
    static final Kernels BEST = choose(System.getProperty(PROPERTY), SIMD);

    private KernelProvider() {}

    /** Checks for the module only: without it, a class that refers to a vector type must not be loaded. */
    private static boolean vectorsAvailable() {
        return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    }

    static Kernels choose(@Nullable String wanted, Optional<Kernels> simd) {
        if (wanted == null) {
            return simd.orElse(SCALAR);
        }
        return switch (wanted) {
            case "scalar" -> SCALAR;
            case "simd" ->
                simd.orElseThrow(() -> new IllegalStateException(
                        PROPERTY + " is simd, which needs --add-modules jdk.incubator.vector"));
            default ->
                throw new IllegalArgumentException(PROPERTY + " must be scalar or simd, but was \"" + wanted + "\"");
        };
    }
}
