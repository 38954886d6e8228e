package io.backprop.tabular;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
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
        private final @Nullable StringDictionary dictionary;
        private final float @Nullable [] encoded; // by code
        private final boolean indicates; // missing values, in a second input
        private final float present;
        private final float absent;

        Numeric(int index, int input, Column column, Feature.Numeric feature, boolean scaled) {
            super(index, input);
            this.scale = scaled ? feature.scale() : ColumnScaling.NONE;
            this.missing = scaled ? feature.missing() : Float.NaN;
            this.dictionary = column.dictionary();
            this.encoded = dictionary == null ? null : encode(dictionary);
            ColumnScaling indicator = feature.indicator();
            this.indicates = indicator != null;
            this.present = scaled && indicator != null ? indicator.apply(0) : 0;
            this.absent = scaled && indicator != null ? indicator.apply(1) : 1;
        }

        private float[] encode(StringDictionary numbers) {
            float[] inputs = new float[numbers.size()];
            for (int code = 0; code < inputs.length; code++) {
                float number = numbers.number(code);
                inputs[code] = Float.isNaN(number) ? missing : scale.apply(number);
            }
            return inputs;
        }

        @Override
        void encode(float cell, float[] inputs, int to) {
            if (Float.isNaN(cell)) {
                inputs[to] = missing;
            } else {
                inputs[to] = encoded == null ? scale.apply(cell) : encoded[(int) cell];
            }
            if (indicates) {
                inputs[to + 1] = isMissing(cell) ? absent : present;
            }
        }

        private boolean isMissing(float cell) {
            return Float.isNaN(cell) || (dictionary != null && Float.isNaN(dictionary.number((int) cell)));
        }
    }

    static final class Categorical extends ColumnEncoder {
        private static final int UNKNOWN = -1;

        private final Column column;
        private final int[] categories; // by code
        private final int missing;
        private final float[] others; // inputs of an unknown category
        private final float[] own; // by category: its input
        private final Warnings.UnknownCategories unknown;

        Categorical(
                int index, int input, Column column, Feature.Categorical feature, Warnings warnings, boolean scaled) {
            super(index, input);
            this.column = column;
            this.unknown = warnings.unknownCategories(column.name());
            this.missing = feature.missing() ? feature.categories().size() : UNKNOWN;
            this.others = new float[feature.width()];
            this.own = new float[feature.isSigned() ? 2 : feature.width()];
            encodeCategories(feature, scaled);
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

        private void encodeCategories(Feature.Categorical feature, boolean scaled) {
            List<ColumnScaling> scales = scaled && !feature.scales().isEmpty()
                    ? feature.scales()
                    : Collections.nCopies(others.length, ColumnScaling.NONE);
            for (int i = 0; i < others.length; i++) {
                others[i] = scales.get(i).apply(0);
            }
            for (int category = 0; category < own.length; category++) {
                own[category] = feature.isSigned()
                        ? scales.get(0).apply(2 * category - 1)
                        : scales.get(category).apply(1);
            }
        }

        @Override
        void encode(float cell, float[] inputs, int to) {
            System.arraycopy(others, 0, inputs, to, others.length);
            int category = Float.isNaN(cell) ? missing : categoryOf((int) cell);
            if (category != UNKNOWN) {
                inputs[to + (others.length == 1 ? 0 : category)] = own[category];
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
