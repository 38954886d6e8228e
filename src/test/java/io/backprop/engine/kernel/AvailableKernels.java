package io.backprop.engine.kernel;

import java.util.List;
import java.util.stream.Stream;

/** All kernels that are available in this JVM. */
final class AvailableKernels {

    private AvailableKernels() {}

    static List<Kernels> all() {
        return Stream.concat(Stream.of(Kernels.scalar()), Kernels.simd().stream())
                .toList();
    }
}
