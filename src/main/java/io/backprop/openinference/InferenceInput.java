package io.backprop.openinference;

import io.backprop.engine.Matrix;
import io.backprop.model.InvalidInputException;
import org.jspecify.annotations.Nullable;

/** The values of an input, of which rows × {@link TensorSpec#width} are given. */
public final class InferenceInput {

    private static final int EXPONENT = 0x7f80_0000; // all bits are set in NaN and in infinities
    private static final int EXPONENT_UNIT = 0x0080_0000;

    private final TensorSpec spec;
    private final int rows;
    private final float @Nullable [] numbers; // rows × width, NaN for a gap; null if they are texts
    private final boolean hasGaps; // among the numbers
    private final @Nullable PackedTexts texts;

    private InferenceInput(
            TensorSpec spec, int rows, float @Nullable [] numbers, boolean hasGaps, @Nullable PackedTexts texts) {
        this.spec = spec;
        this.rows = rows;
        this.numbers = numbers;
        this.hasGaps = hasGaps;
        this.texts = texts;
    }

    /**
     * Numbers that were sent as any numeric type.
     *
     * @param numbers rows × width; NaN for a gap. Must not be accessed by the caller afterwards.
     */
    public static InferenceInput of(TensorSpec spec, int rows, float[] numbers) {
        boolean hasGaps = false;
        if (mayHaveNonFinite(numbers)) {
            for (int i = 0; i < numbers.length; i++) {
                if (Float.isInfinite(numbers[i])) {
                    throw invalid(
                            spec, i, "must be a finite number that fits float32, but was %s".formatted(numbers[i]));
                }
                hasGaps |= Float.isNaN(numbers[i]);
            }
        }
        return new InferenceInput(spec, rows, numbers, hasGaps, null);
    }

    /** Texts; an empty one is a gap. */
    public static InferenceInput of(TensorSpec spec, int rows, PackedTexts texts) {
        return new InferenceInput(spec, rows, null, false, texts);
    }

    /** Whether a number is NaN or infinite. Without branches, so that the JIT compiler can vectorize the loop. */
    private static boolean mayHaveNonFinite(float[] numbers) {
        int carry = 0;
        for (float number : numbers) {
            carry |= (Float.floatToRawIntBits(number) & EXPONENT) + EXPONENT_UNIT;
        }
        return carry < 0;
    }

    public TensorSpec spec() {
        return spec;
    }

    public int rows() {
        return rows;
    }

    boolean isText() {
        return texts != null;
    }

    float number(int row, int column) {
        return requireNumbers()[row * spec.width() + column];
    }

    String text(int row) {
        if (texts == null) {
            throw new IllegalStateException(spec + " is a number");
        }
        return texts.get(row);
    }

    /**
     * The numbers, rows × width.
     *
     * @throws InvalidInputException if there are gaps
     */
    Matrix toMatrix() {
        float[] values = requireNumbers();
        if (hasGaps) {
            for (int i = 0; i < values.length; i++) {
                if (Float.isNaN(values[i])) {
                    throw invalid(spec, i, "must be a number, but is missing");
                }
            }
        }
        return Matrix.wrap(rows, spec.width(), values);
    }

    private static InvalidInputException invalid(TensorSpec spec, int index, String rule) {
        return new InvalidInputException("inputs", "element %d of input \"%s\" %s".formatted(index, spec.name(), rule));
    }

    private float[] requireNumbers() {
        if (numbers == null) {
            throw new IllegalStateException(spec + " is text");
        }
        return numbers;
    }
}
