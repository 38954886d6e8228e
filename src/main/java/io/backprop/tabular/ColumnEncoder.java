package io.backprop.tabular;

import java.util.Arrays;

/** Turns the cells of one column into the inputs of one feature. */
abstract class ColumnEncoder {

    /** Some rows of cells, and the inputs that they become. */
    static final class Block {
        final float[] cells; // rows × width
        final int width;
        final float[] inputs; // from the first input: rows × inputsWidth
        final int inputsWidth;
        int rows;
        int firstInput;

        Block(float[] cells, int width, float[] inputs, int inputsWidth) {
            this.cells = cells;
            this.width = width;
            this.inputs = inputs;
            this.inputsWidth = inputsWidth;
        }
    }

    final int column; // of the table
    final int place; // of the feature among the inputs

    private ColumnEncoder(int column, int place) {
        this.column = column;
        this.place = place;
    }

    /**
     * @param gap the input that a gap in numbers becomes
     */
    static ColumnEncoder of(Layout layout, Feature feature, int place, float gap) {
        int index = layout.require(feature.name(), "the model needs");
        Column column = layout.get(index);
        column.requireCompatible(feature);
        if (feature instanceof Feature.Categorical categorical) {
            return new Categories(index, place, column, categorical);
        }
        Numeral numeral = new Numeral(((Feature.Numeric) feature).scale(), gap);
        return column.hasDictionary()
                ? new NumbersInWords(index, place, column.dictionary(), numeral)
                : new Numbers(index, place, numeral);
    }

    abstract void encode(Block block);

    /** Says what was met since the last time. */
    void warn(Warnings warnings) {}

    /** What becomes of numbers and of the gaps between them. */
    private record Numeral(Scale scale, float gap) {
        float encode(float value) {
            return Float.isNaN(value) ? gap : scale.apply(value);
        }
    }

    /** Cells that are the numbers themselves. */
    private static final class Numbers extends ColumnEncoder {
        private final Numeral numeral;

        Numbers(int column, int place, Numeral numeral) {
            super(column, place);
            this.numeral = numeral;
        }

        @Override
        void encode(Block block) {
            for (int row = 0, cell = column, input = block.firstInput + place; row < block.rows; row++) {
                block.inputs[input] = numeral.encode(block.cells[cell]);
                cell += block.width;
                input += block.inputsWidth;
            }
        }
    }

    /** Cells that are codes of words, each of which is a number. */
    private static final class NumbersInWords extends ColumnEncoder {
        private final float[] encoded; // by code
        private final float gap;

        NumbersInWords(int column, int place, StringDictionary words, Numeral numeral) {
            super(column, place);
            this.gap = numeral.gap();
            this.encoded = new float[words.size()];
            for (int code = 0; code < encoded.length; code++) {
                encoded[code] = numeral.encode(words.value(code));
            }
        }

        @Override
        void encode(Block block) {
            for (int row = 0, cell = column, input = block.firstInput + place; row < block.rows; row++) {
                float code = block.cells[cell];
                block.inputs[input] = Float.isNaN(code) ? gap : encoded[(int) code];
                cell += block.width;
                input += block.inputsWidth;
            }
        }
    }

    /** Cells that are codes of words, each of which has a place, or none. */
    private static final class Categories extends ColumnEncoder {
        private static final int NOWHERE = -1;

        private final Column words;
        private final int[] places; // by code
        private final int placeOfGaps;
        private final int width;
        private int firstUnknown = NOWHERE; // code
        private long unknown;

        Categories(int index, int place, Column column, Feature.Categorical feature) {
            super(index, place);
            this.words = column;
            this.width = feature.width();
            this.placeOfGaps = feature.missing() ? feature.categories().size() : NOWHERE;
            this.places = new int[column.dictionary().size() + 1]; // the last for those that have no code
            Arrays.fill(places, NOWHERE);
            for (int i = 0; i < feature.categories().size(); i++) {
                char[] category = feature.categories().get(i).toCharArray();
                int code = column.dictionary().find(category, 0, category.length);
                if (code >= 0) {
                    places[code] = i;
                }
            }
        }

        @Override
        void encode(Block block) {
            for (int row = 0, cell = column, input = block.firstInput + place; row < block.rows; row++) {
                Arrays.fill(block.inputs, input, input + width, 0);
                int found = placeOf(block.cells[cell]);
                if (found != NOWHERE) {
                    block.inputs[input + found] = 1;
                }
                cell += block.width;
                input += block.inputsWidth;
            }
        }

        private int placeOf(float cell) {
            if (Float.isNaN(cell)) {
                return placeOfGaps;
            }
            int code = (int) cell;
            if (places[code] == NOWHERE) {
                unknown++;
                firstUnknown = firstUnknown == NOWHERE ? code : firstUnknown;
            }
            return places[code];
        }

        @Override
        void warn(Warnings warnings) {
            if (unknown > 0) {
                warnings.addUnknown(words.name(), unknown, words.word(firstUnknown));
                unknown = 0;
                firstUnknown = NOWHERE;
            }
        }
    }
}
