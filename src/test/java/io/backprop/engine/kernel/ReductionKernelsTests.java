package io.backprop.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReductionKernelsTests {

    private final Random random = new Random(4);

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 15, 16, 17, 31, 33, 100, 257, 4095, 4096, 4097, 10_000})
    void sumOfSquaresFollowsTheSpecifiedOrder(int length) {
        for (Kernels kernels : AvailableKernels.all()) {
            NanPadded x = NanPadded.random(length, 3, random);
            double sum = 0;
            for (int begin = 0; begin < length; begin += 4096) {
                sum += sumOfBlock(x, begin, Math.min(begin + 4096, length));
            }
            assertThat(kernels.sumOfSquares(x.array, x.offset, length)).isEqualTo(sum);
        }
    }

    private static float sumOfBlock(NanPadded x, int begin, int end) {
        float[] lanes = new float[16];
        int i = begin;
        for (; i + 16 <= end; i += 16) {
            for (int lane = 0; lane < 16; lane++) {
                lanes[lane] = Math.fma(x.get(i + lane), x.get(i + lane), lanes[lane]);
            }
        }
        for (int distance = 8; distance > 0; distance /= 2) {
            for (int lane = 0; lane < distance; lane++) {
                lanes[lane] += lanes[lane + distance];
            }
        }
        float sum = lanes[0];
        for (; i < end; i++) {
            sum = Math.fma(x.get(i), x.get(i), sum);
        }
        return sum;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 15, 16, 17, 31, 33, 100, 257})
    void allFiniteFindsEachInfinityAndNan(int length) {
        for (Kernels kernels : AvailableKernels.all()) {
            NanPadded x = NanPadded.random(length, 3, random);
            assertThat(kernels.allFinite(x.array, x.offset, length)).isTrue();
            for (int i = 0; i < length; i++) {
                float[] withOne = x.array.clone();
                for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
                    withOne[x.offset + i] = bad;
                    assertThat(kernels.allFinite(withOne, x.offset, length)).isFalse();
                }
            }
        }
    }
}
