package io.backprop.tabular;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.backprop.engine.InvalidArgumentException;
import io.backprop.engine.Matrix;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Golden values are those of NumPy 2.2: {@code z = (x − median) / (q75 − q25)}, {@code z / sqrt(1 + (z/3)²)}. */
class ColumnScalingTests {

    private static final float[] NUMBERS = {3, 1, 4, 1, 5, 9, 2.5f, 6, -7, 30};
    private static final double[] SCALED = {
        -0.11420287602944744,
        -0.5613363236699854,
        0.11420287602944744,
        -0.5613363236699854,
        0.34063977348219576,
        1.1594570774509272,
        -0.2279108757846559,
        0.5613363236699854,
        -1.8740851426632725,
        2.6883347256895918
    };

    private static ColumnScaling robust(float... numbers) {
        return ColumnScaling.robust(QuantileCounts.quartiles(numbers.length, i -> numbers[i]));
    }

    @Test
    void robustScalesEqualThoseOfNumPy() {
        ColumnScaling scale = robust(NUMBERS);

        assertThat(scale).isEqualTo(new ColumnScaling(3.5, 4.375, true));
        Matrix column = Matrix.wrap(NUMBERS.length, 1, NUMBERS);
        Matrix scaled = Scaling.of(column, ScalingMethod.ROBUST).apply(column);
        for (int i = 0; i < NUMBERS.length; i++) {
            assertThat(scale.apply(NUMBERS[i])).isEqualTo((float) SCALED[i]);
            assertThat(scaled.get(i, 0)).isEqualTo((float) SCALED[i]);
        }
    }

    @Test
    void takesHalfTheRangeIfMostNumbersAreEqual() {
        ColumnScaling scale = robust(0, 0, 0, 0, 0, 1, 0, 0, 0, 0);

        assertThat(scale).isEqualTo(new ColumnScaling(0, 0.5, true));
        assertThat(scale.apply(1)).isEqualTo((float) 1.6641005886756874);
    }

    @Test
    void equalNumbersBecome0() {
        assertThat(robust(7, 7, 7).apply(7)).isZero();
    }

    @Test
    void countedNumbersHaveTheQuartilesOfTheirList() {
        SplittableRandom random = new SplittableRandom(4);
        for (int repetition = 0; repetition < 200; repetition++) {
            long[] counts = {random.nextInt(6), random.nextInt(6), 1 + random.nextInt(6)};
            double[] all = new double[(int) Arrays.stream(counts).sum()];
            Arrays.fill(all, 0, (int) counts[0], -1);
            Arrays.fill(all, (int) (counts[0] + counts[1]), all.length, 1);

            assertThat(Quartiles.ofRepeated(new double[] {-1, 0, 1}, counts))
                    .as(Arrays.toString(counts))
                    .isEqualTo(QuantileCounts.quartiles(all.length, i -> all[i]));
        }
    }

    @Test
    void clippedNumbersStayBetweenMinus3And3() {
        SplittableRandom random = new SplittableRandom(5);
        for (float extreme : new float[] {Float.MIN_VALUE, 1e-30f, 1, 1e38f, Float.MAX_VALUE}) {
            float[] numbers = new float[100];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = random.nextInt(-1, 2) * extreme;
            }
            ColumnScaling scale = robust(numbers);
            for (float value : new float[] {-Float.MAX_VALUE, -1, 0, extreme, Float.MAX_VALUE}) {
                assertThat(scale.apply(value)).isBetween(-3f, 3f);
            }
        }
        assertThat(new ColumnScaling(0, 1, true).apply(0.01)).isCloseTo(0.01f, within(1e-7f));
    }

    @Test
    void rejectsMixedScalesAndClippedTargets() {
        ColumnScaling clipped = new ColumnScaling(0, 1, true);
        assertThatThrownBy(() -> new Scaling(List.of(clipped, ColumnScaling.NONE)))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessage("scales must all have a smooth clip, or none");
        Scaling scaling = new Scaling(List.of(clipped));
        assertThatThrownBy(() -> new Preprocessing.Standardized(scaling, scaling))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessage("scales of targets must not have a smooth clip");
    }
}
