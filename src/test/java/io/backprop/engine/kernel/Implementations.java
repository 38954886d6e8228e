package io.backprop.engine.kernel;

import java.util.List;
import java.util.stream.Stream;

/** The implementations one test runs over. */
final class Implementations {

    private Implementations() {}

    static List<Kernels> all() {
        return Stream.concat(Stream.of(Kernels.scalar()), Kernels.simd().stream())
                .toList();
    }
}
