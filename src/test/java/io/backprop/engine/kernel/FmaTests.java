package io.backprop.engine.kernel;

import static org.assertj.core.api.Assertions.fail;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** Compares the emulation with {@link Math#fma}, at random and where rounding twice would be wrong. */
class FmaTests {

    private static final float[] SPECIAL = {
        0,
        -0f,
        Float.MIN_VALUE,
        -Float.MIN_VALUE,
        3 * Float.MIN_VALUE,
        Math.nextDown(Float.MIN_NORMAL),
        Float.MIN_NORMAL,
        -Float.MIN_NORMAL,
        0.5f,
        1,
        -1,
        Math.nextUp(1f),
        Math.nextDown(1f),
        0x1p-75f,
        -0x1p-75f,
        0x1p63f,
        Float.MAX_VALUE,
        -Float.MAX_VALUE,
        Float.POSITIVE_INFINITY,
        Float.NEGATIVE_INFINITY,
        Float.NaN
    };

    private final Random random = new Random(1);

    @Test
    void specialFloatsHaveTheBitsOfMathFma() {
        for (float a : SPECIAL) {
            for (float b : SPECIAL) {
                for (float c : SPECIAL) {
                    assertSame(a, b, c);
                    assertSame((double) a, b, c);
                }
            }
        }
    }

    @Test
    void anyFloatsHaveTheBitsOfMathFma() {
        for (int i = 0; i < 1_000_000; i++) {
            assertSame(anyFloat(), anyFloat(), anyFloat());
            assertSame(random.nextFloat(-2, 2), random.nextFloat(-2, 2), random.nextFloat(-2, 2));
        }
    }

    /** The product is near halfway between two floats next to c. */
    @Test
    void nearlyHalfwayFloatsHaveTheBitsOfMathFma() {
        for (int i = 0; i < 500_000; i++) {
            float c = anyFloat();
            float a = (random.nextInt(1 << 12) + 1) * (random.nextBoolean() ? 1 : -1);
            float b = Math.ulp(c) / 2 / a * (random.nextInt(4) + random.nextInt(-2, 3) * 0x1p-20f);
            assertSame(a, b, c);
            assertSame(a, Math.ulp(c) / 2, c);
            assertSame(Math.nextUp(1f), Math.ulp(c) / 2, c);
            assertSame(Math.nextDown(1f), Math.ulp(c) / 2, c);
        }
    }

    /** Results that are subnormal have fewer bits, so that other sums are halfway between them. */
    @Test
    void subnormalFloatsHaveTheBitsOfMathFma() {
        for (int i = 0; i < 500_000; i++) {
            float a = Math.scalb(random.nextInt(1, 1 << 24), -150 + random.nextInt(60));
            float b = Math.scalb(random.nextInt(1, 1 << 24), -60 - random.nextInt(60));
            float c = Math.scalb(random.nextInt(-(1 << 23), 1 << 23), -149);
            assertSame(a, b, c);
            assertSame(0.5f, Math.scalb(random.nextInt(1, 1 << 23), -149), c);
        }
    }

    @Test
    void doublesHaveTheBitsOfMathFma() {
        for (int i = 0; i < 300_000; i++) {
            double a = random.nextDouble(-2, 2);
            double b = Math.scalb(random.nextDouble(-2, 2), random.nextInt(-60, 60));
            double c =
                    random.nextInt(8) == 0 ? -a * b : Math.scalb(random.nextDouble(-2, 2), random.nextInt(-120, 120));
            assertSame(a, b, c);
            assertSame(a, Math.ulp(c) / 2 / a, c);
            assertSame(Math.nextUp(1.0), Math.ulp(c) / 2, c);
            assertSame(Math.nextDown(1.0), Math.ulp(c) / 2, c);
        }
        for (int i = 0; i < 20_000; i++) {
            assertSame(anyDouble(), anyDouble(), anyDouble());
        }
    }

    private float anyFloat() {
        return Float.intBitsToFloat(random.nextInt());
    }

    private double anyDouble() {
        return Double.longBitsToDouble(random.nextLong());
    }

    private static void assertSame(float a, float b, float c) {
        float expected = Math.fma(a, b, c);
        float actual = Fma.emulated(a, b, c);
        if (Float.floatToIntBits(actual) != Float.floatToIntBits(expected)) {
            fail("%s · %s + %s is %s, but was %s", a, b, c, expected, actual);
        }
    }

    private static void assertSame(double a, double b, double c) {
        double expected = Math.fma(a, b, c);
        double actual = Fma.emulated(a, b, c);
        if (Double.doubleToLongBits(actual) != Double.doubleToLongBits(expected)) {
            fail("%s · %s + %s is %s, but was %s", a, b, c, expected, actual);
        }
    }
}
