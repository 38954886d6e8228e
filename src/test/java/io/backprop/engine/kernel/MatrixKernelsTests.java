package io.backprop.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MatrixKernelsTests {

    private final Random random = new Random(3);

    @ParameterizedTest
    @CsvSource({
        "0, 5, 3",
        "5, 0, 3",
        "3, 5, 0",
        "1, 1, 1",
        "1, 2, 6",
        "1, 6, 6",
        "6, 6, 1",
        "3, 16, 17",
        "7, 15, 31",
        "13, 17, 33",
        "16, 31, 15",
        "12, 32, 16",
        "6, 64, 64",
        "33, 10, 100",
        "100, 33, 17",
        "128, 10, 33",
        "50, 37, 77",
        "67, 100, 257",
        "70, 130, 600",
        "5, 257, 100",
        "257, 3, 15",
        "66, 1, 100",
        "250, 270, 520",
        "200, 520, 20",
        "1, 531, 10",
        "2, 10, 210"
    })
    void productIsOneChainOfFmaPerElement(int m, int n, int k) {
        for (Kernels kernels : AvailableKernels.all()) {
            assertIsProduct(kernels, m, n, k, k, 1);
            assertIsProduct(kernels, m, n, k, k + 3, 1);
            assertIsProduct(kernels, m, n, k, 1, m);
            assertIsProduct(kernels, m, n, k, 1, m + 2);
        }
    }

    private void assertIsProduct(Kernels kernels, int m, int n, int k, int aRowStride, int aColumnStride) {
        assertIsProduct(kernels, m, n, k, aRowStride, aColumnStride, n + 5, 1);
        assertIsProduct(kernels, m, n, k, aRowStride, aColumnStride, 1, k + 5);
    }

    private void assertIsProduct(
            Kernels kernels,
            int m,
            int n,
            int k,
            int aRowStride,
            int aColumnStride,
            int bRowStride,
            int bColumnStride) {
        int cStride = n + 1;
        NanPadded a = NanPadded.random(m * aRowStride + k * aColumnStride, 1, random);
        NanPadded b = NanPadded.random(k * bRowStride + n * bColumnStride, 2, random);
        NanPadded c = NanPadded.random(m * cStride, 3, random);
        int gaps = Math.max(bRowStride, bColumnStride);
        int used = bColumnStride == 1 ? n : k;
        for (int line = 0; line < (bColumnStride == 1 ? k : n); line++) {
            Arrays.fill(b.array, b.offset + line * gaps + used, b.offset + (line + 1) * gaps, Float.NaN);
        }
        NanPadded expected = c.copy();
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                float sum = c.get(i * cStride + j);
                for (int p = 0; p < k; p++) {
                    sum = Math.fma(
                            a.get(i * aRowStride + p * aColumnStride), b.get(p * bRowStride + j * bColumnStride), sum);
                }
                expected.array[expected.offset + i * cStride + j] = sum;
            }
        }
        MatrixMultiplier multiplier = kernels.matrixMultiplier();
        MatrixProduct product = new MatrixProduct()
                .depth(k)
                .a(a.array, a.offset, aRowStride, aColumnStride)
                .b(b.array, b.offset, bRowStride, bColumnStride);
        NanPadded whole = c.copy();
        product.c(whole.array, whole.offset, cStride);
        multiplier.multiply(product, 0, m, 0, n);
        NanPadded parts = c.copy();
        product.c(parts.array, parts.offset, cStride);
        int rows = m / 3;
        int columns = n / 2;
        multiplier.multiply(product, 0, rows, 0, columns);
        multiplier.multiply(product, 0, rows, columns, n - columns);
        multiplier.multiply(product, rows, m - rows, 0, columns);
        multiplier.multiply(product, rows, m - rows, columns, n - columns);
        assertThat(List.of(whole, parts))
                .allSatisfy(result -> assertThat(result.bits())
                        .as(
                                "%s %d × %d × %d, strides %d, %d; %d, %d",
                                kernels.name(), m, n, k, aRowStride, aColumnStride, bRowStride, bColumnStride)
                        .isEqualTo(expected.bits()));
    }

    @ParameterizedTest
    @CsvSource({"0, 3", "1, 1", "1, 17", "16, 1", "3, 5", "15, 17", "16, 16", "33, 31", "100, 257"})
    void columnSumsAreAddedInRowOrder(int rows, int columns) {
        for (Kernels kernels : AvailableKernels.all()) {
            NanPadded values = NanPadded.random(rows * (columns + 3), 1, random);
            NanPadded sums = NanPadded.random(columns, 4, random);
            NanPadded expected = sums.copy();
            for (int i = 0; i < rows; i++) {
                for (int j = 0; j < columns; j++) {
                    expected.array[expected.offset + j] += values.get(i * (columns + 3) + j);
                }
            }
            kernels.addColumnSums(rows, columns, values.array, values.offset, columns + 3, sums.array, sums.offset);
            assertThat(sums.bits()).isEqualTo(expected.bits());
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 3", "1, 1", "3, 2", "1, 17", "16, 10", "15, 17", "16, 16", "33, 31", "10, 257"})
    void softmaxIsTheExponentialsDividedByTheirSum(int rows, int columns) {
        for (Kernels kernels : AvailableKernels.all()) {
            NanPadded x = NanPadded.random(rows * columns, 1, random);
            NanPadded y = NanPadded.random(rows * columns, 4, random);
            NanPadded expected = y.copy();
            for (int i = 0; i < rows; i++) {
                float maximum = Float.NEGATIVE_INFINITY;
                for (int j = 0; j < columns; j++) {
                    maximum = Math.max(maximum, x.get(i * columns + j));
                }
                double sum = 0;
                for (int j = 0; j < columns; j++) {
                    sum += FloatMath.exp(x.get(i * columns + j) - maximum);
                }
                for (int j = 0; j < columns; j++) {
                    expected.array[expected.offset + i * columns + j] =
                            FloatMath.exp(x.get(i * columns + j) - maximum) / (float) sum;
                }
            }
            kernels.softmax(rows, columns, x.array, x.offset, y.array, y.offset);
            assertThat(y.bits()).as("%s %d × %d", kernels.name(), rows, columns).isEqualTo(expected.bits());
        }
    }

    @Test
    void softmaxHasItsLimitsAtInfinity() {
        float infinity = Float.POSITIVE_INFINITY;
        for (Kernels kernels : AvailableKernels.all()) {
            float[] y = {1, infinity, -infinity, infinity, -infinity, 2};
            kernels.softmax(2, 3, y, 0, y, 0);
            assertThat(Arrays.copyOf(y, 4)).containsExactly(0, 1, 0, 1);
            y = new float[] {infinity, 3, infinity, -infinity, 3, 3};
            kernels.softmax(2, 3, y, 0, y, 0);
            assertThat(y).containsExactly(0.5f, 0, 0.5f, 0, 0.5f, 0.5f);
        }
    }

    @Test
    void softmaxDoesNotOverflow() {
        for (Kernels kernels : AvailableKernels.all()) {
            float[] y = {Float.MAX_VALUE, 1, -Float.MAX_VALUE, 1e38f};
            kernels.softmax(1, 4, y, 0, y, 0);
            assertThat(y).containsExactly(1, 0, 0, 0);
        }
    }
}
