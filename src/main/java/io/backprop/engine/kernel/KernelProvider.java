package io.backprop.engine.kernel;

import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Chooses the kernels of this JVM. */
final class KernelProvider {

    /** System property that selects kernels by name; without it the fastest are used. */
    static final String PROPERTY = "backprop.kernel";

    /** The newest JDK whose Vector API is known to fit, so that nothing is tried at the start. */
    private static final int TESTED_JDK = 25;

    private static final String MODULE_HINT = "start java with --add-modules jdk.incubator.vector for the fast kernels";
    private static final String COMPILER_HINT =
            "the JVM runs without its optimizing compiler, as with -XX:TieredStopAtLevel=1 or -Xint";
    private static final String FMA_HINT =
            "the processor has no fused multiply-add, or the JVM does not use it, as with -XX:-UseFMA; it is emulated,"
                    + " which is many times slower";

    static final Kernels SCALAR = new ScalarKernels();
    static final Simd SIMD =
            // without the module, a class that refers to a vector type must not be loaded
            Jvm.hasVectorModule() ? load(() -> new SimdKernels()) : new Simd(Optional.empty(), MODULE_HINT);
    static final Kernels BEST = choose(System.getProperty(PROPERTY), SIMD.kernels(), isFast());

    private KernelProvider() {}

    /**
     * The SIMD kernels.
     *
     * @param problem why there are none; null if there are
     */
    record Simd(Optional<Kernels> kernels, @Nullable String problem) {}

    /** Tries kernels whose classes may not fit the incubating API of this JDK. */
    static Simd load(Supplier<Kernels> constructor) {
        try {
            Kernels kernels = constructor.get();
            if (Runtime.version().feature() > TESTED_JDK) {
                exercise(kernels);
            }
            return new Simd(Optional.of(kernels), null);
        } catch (LinkageError e) {
            return new Simd(
                    Optional.empty(),
                    "the Vector API of JDK %d is not the one that the fast kernels were written for (%s)"
                            .formatted(Runtime.version().feature(), e));
        }
    }

    /** Links calls of the Vector API. */
    static void exercise(Kernels kernels) {
        int length = 2 * ScalarKernels.LANES;
        float[] x = new float[length];
        kernels.sigmoid(x, 0, x, 0, length);
        kernels.softplus(x, 0, x, 0, length);
        kernels.geluGradient(x, 0, x, 0, length);
        kernels.addPenalty(1, 1, x, 0, x, 0, length);
        kernels.sumOfSquares(x, 0, length);
        MatrixProduct product = new MatrixProduct();
        product.accumulate(false).depth(1).a(x, 0, 1, 1).b(x, 0, length, 1).c(new float[length], 0, length);
        kernels.matrixMultiplier().multiply(product, 0, 1, 0, length);
        NarrowLayer layer = kernels.narrowLayer(1, 4, true, NarrowLayer.FusedActivation.SIGMOID);
        layer.forward(x, 0);
        layer.update(1, x, 0);
    }

    private static boolean isFast() {
        return Fma.HARDWARE && Jvm.optimizes();
    }

    /** @param fast whether SIMD kernels are faster than scalar ones */
    static Kernels choose(@Nullable String wanted, Optional<Kernels> simd, boolean fast) {
        if (wanted == null) {
            return fast ? simd.orElse(SCALAR) : SCALAR;
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

    /** Why the kernels are not the fastest there are; empty if they are. */
    static Optional<String> hint() {
        String forced = System.getProperty(PROPERTY) == null || BEST != SCALAR ? null : PROPERTY + " is scalar";
        String problem = forced == null ? SIMD.problem() : forced;
        String hints = Stream.of(
                        Optional.ofNullable(problem),
                        Jvm.optimizes() ? Optional.<String>empty() : Optional.of(COMPILER_HINT),
                        Fma.HARDWARE ? Optional.<String>empty() : Optional.of(FMA_HINT))
                .flatMap(Optional::stream)
                .collect(Collectors.joining("; "));
        return hints.isEmpty() ? Optional.empty() : Optional.of(hints);
    }
}
