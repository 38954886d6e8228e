package io.backprop.tabular;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NumberSumsTests {

    private static final MathContext DIGITS = new MathContext(60);

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 10, 1_000})
    void areThoseOfExactArithmetic(int count) {
        SplittableRandom random = new SplittableRandom(count);
        float[] similar = numbers(count, () -> 1e6f + random.nextInt(100) / 8f);
        float[] normal = numbers(count, () -> (float) random.nextGaussian());
        float[] anyBits = numbers(count, () -> finite(random.nextInt()));
        float[] extreme = numbers(count, () -> random.nextBoolean() ? 1e38f * random.nextInt(-3, 4) : 1e-38f);
        float[] tiny = numbers(count, () -> random.nextInt(-2, 3) * Float.MIN_VALUE);
        for (float[] numbers : new float[][] {similar, normal, anyBits, extreme, tiny}) {
            NumberSummary summary = sums(numbers).summary();
            assertThat(summary.count()).isEqualTo(count);
            assertThat(summary.mean()).isEqualTo(mean(numbers).doubleValue());
            assertThat(summary.variance()).isEqualTo(variance(numbers).doubleValue());
        }
    }

    private interface Drawing {
        float draw();
    }

    private static float[] numbers(int count, Drawing drawing) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = drawing.draw();
        }
        return numbers;
    }

    private static float finite(int bits) {
        float number = Float.intBitsToFloat(bits);
        return Float.isFinite(number) ? number : Float.MAX_VALUE;
    }

    private static BigDecimal sum(float[] numbers, int power) {
        return IntStream.range(0, numbers.length)
                .mapToObj(i -> new BigDecimal(numbers[i]).pow(power))
                .reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private static BigDecimal mean(float[] numbers) {
        return sum(numbers, 1).divide(BigDecimal.valueOf(numbers.length), DIGITS);
    }

    private static BigDecimal variance(float[] numbers) {
        BigDecimal count = BigDecimal.valueOf(numbers.length);
        return sum(numbers, 2).multiply(count).subtract(sum(numbers, 1).pow(2)).divide(count.pow(2), DIGITS);
    }

    @Test
    void roundHalvesToEven() {
        float large = 1L << 53;
        assertThat(sums(large, 1).summary().mean()).isEqualTo(0x1p52); // of 2⁵² + 0.5
        assertThat(sums(large, 3).summary().mean()).isEqualTo(0x1p52 + 2); // of 2⁵² + 1.5
        assertThat(sums(-large, -3).summary().mean()).isEqualTo(-0x1p52 - 2);
    }

    @Test
    void areExactlyZeroWithoutVariance() {
        assertThat(sums(0.1f, 0.1f, 0.1f).summary()).isEqualTo(new NumberSummary(3, 0.1f, 0, 0.1f, 0.1f));
        assertThat(sums(-0f, 0).summary()).isEqualTo(new NumberSummary(2, 0, 0, 0, 0));
    }

    @Test
    void doNotDependOnTheDivisionOfTheNumbers() throws IOException {
        SplittableRandom random = new SplittableRandom(5);
        float[] numbers = numbers(999, () -> finite(random.nextInt()));
        NumberSums merged = new NumberSums();
        for (int part = 2; part >= 0; part--) {
            NumberSums sums = new NumberSums();
            for (int i = part; i < numbers.length; i += 3) {
                sums.add(numbers[i]);
            }
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            sums.writeTo(new DataOutputStream(bytes));
            merged.merge(NumberSums.readFrom(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()))));
        }
        assertThat(merged.summary()).isEqualTo(sums(numbers).summary());
    }

    private static NumberSums sums(float... numbers) {
        NumberSums sums = new NumberSums();
        for (float number : numbers) {
            sums.add(number);
        }
        return sums;
    }
}
