package io.backprop.tabular;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Encodes the cells of a column as the inputs of a feature. */
abstract class ColumnEncoder {

    private final int column; // of the table
    private final int input; // the feature's first

    private ColumnEncoder(int column, int input) {
        this.column = column;
        this.input = input;
    }

    /**
     * Encodes the column's cells in a block of rows.
     *
     * @param cells rows × width. Not modified.
     * @param inputs from the given one on: rows × inputWidth. Modified.
     */
    final void encode(float[] cells, int rows, int width, float[] inputs, int from, int inputWidth) {
        int to = from + input;
        for (int row = 0, cell = column; row < rows; row++, cell += width, to += inputWidth) {
            encode(cells[cell], inputs, to);
        }
    }

    abstract void encode(float cell, float[] inputs, int to);

    static final class Numeric extends ColumnEncoder {
        private final ColumnScaling scale;
        private final float missing;
        private final float @Nullable [] encoded; // by code

        Numeric(int index, int input, Column column, Feature.Numeric feature, boolean scaled) {
            super(index, input);
            this.scale = scaled ? feature.inputScale() : ColumnScaling.NONE;
            this.missing = scaled ? feature.missing() : Float.NaN;
            StringDictionary dictionary = column.dictionary();
            this.encoded = dictionary == null ? null : encode(dictionary);
        }

        private float[] encode(StringDictionary dictionary) {
            float[] numbers = new float[dictionary.size()];
            for (int code = 0; code < numbers.length; code++) {
                float number = dictionary.number(code);
                numbers[code] = Float.isNaN(number) ? missing : scale.apply(number);
            }
            return numbers;
        }

        @Override
        void encode(float cell, float[] inputs, int to) {
            if (Float.isNaN(cell)) {
                inputs[to] = missing;
            } else {
                inputs[to] = encoded == null ? scale.apply(cell) : encoded[(int) cell];
            }
        }
    }

    static final class Categorical extends ColumnEncoder {
        private static final int UNKNOWN = -1;

        private final Column column;
        private final int[] categories; // by code
        private final int missing;
        private final int width;
        private final Warnings.UnknownCategories unknown;

        Categorical(int index, int input, Column column, Feature.Categorical feature, Warnings warnings) {
            super(index, input);
            this.column = column;
            this.unknown = warnings.unknownCategories(column.name());
            this.width = feature.width();
            this.missing = feature.missing() ? feature.categories().size() : UNKNOWN;
            StringDictionary dictionary = Objects.requireNonNull(column.dictionary());
            this.categories = new int[dictionary.size() + 1]; // the last for all values without a code
            Arrays.fill(categories, UNKNOWN);
            for (int i = 0; i < feature.categories().size(); i++) {
                char[] category = feature.categories().get(i).toCharArray();
                int code = dictionary.codeOf(category, 0, category.length);
                int found = code < 0 ? dictionary.codeOfTruthValue(category, 0, category.length) : code;
                if (found >= 0 && categories[found] == UNKNOWN) {
                    categories[found] = i;
                }
            }
        }

        @Override
        void encode(float cell, float[] inputs, int to) {
            Arrays.fill(inputs, to, to + width, 0);
            int category = Float.isNaN(cell) ? missing : categoryOf((int) cell);
            if (category != UNKNOWN) {
                inputs[to + category] = 1;
            }
        }

        private int categoryOf(int code) {
            if (categories[code] == UNKNOWN) {
                unknown.count(column, code);
            }
            return categories[code];
        }
    }
}
