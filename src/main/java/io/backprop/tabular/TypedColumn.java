package io.backprop.tabular;

import java.util.List;
import java.util.stream.IntStream;

/** A column of which a model knows what it must hold; other cells are refused where they are met. */
final class TypedColumn extends Column {

    private enum Content {
        NUMBERS,
        DATES,
        WORDS,
        LABELS,
        NOTHING
    }

    private final RowPosition position;
    private final Content content;
    private final StringDictionary words = new StringDictionary();
    private String firstUnknown = "";

    private TypedColumn(String name, RowPosition position, Content content) {
        super(name);
        this.position = position;
        this.content = content;
    }

    static TypedColumn of(Feature feature, RowPosition position) {
        if (feature instanceof Feature.Numeric numeric) {
            return new TypedColumn(feature.name(), position, numeric.dates() ? Content.DATES : Content.NUMBERS);
        }
        TypedColumn column = new TypedColumn(feature.name(), position, Content.WORDS);
        ((Feature.Categorical) feature).categories().forEach(column::learn);
        return column;
    }

    /**
     * A column to compare predictions with.
     *
     * @param dates whether the numbers are written as dates
     * @param labels names of all classes; none if they are numbers
     */
    static TypedColumn target(String name, boolean dates, List<String> labels, RowPosition position) {
        Content numbers = dates ? Content.DATES : Content.NUMBERS;
        TypedColumn column = new TypedColumn(name, position, labels.isEmpty() ? numbers : Content.LABELS);
        labels.forEach(column::learn);
        return column;
    }

    /** A column that no one asks for. */
    static TypedColumn ignored(String name, RowPosition position) {
        return new TypedColumn(name, position, Content.NOTHING);
    }

    private void learn(String word) {
        words.add(word, Float.NaN);
    }

    @Override
    float read(char[] text, int offset, int length) {
        float cell = Float.NaN;
        switch (content) {
            case NUMBERS -> cell = CellNumbers.parse(text, offset, length);
            case DATES -> cell = CellDates.parse(text, offset, length);
            case WORDS, LABELS -> {
                int code = words.find(text, offset, length);
                cell = code < 0 ? Float.NaN : code;
            }
            case NOTHING -> {
                return Float.NaN;
            }
        }
        return Float.isNaN(cell) ? unexpected(new String(text, offset, length)) : cell;
    }

    private float unexpected(String text) {
        CellReference cell = new CellReference(position.toString(), name(), text);
        switch (content) {
            case NUMBERS -> throw cell.notANumber();
            case DATES -> throw cell.notADate();
            case LABELS -> {
                List<String> labels =
                        IntStream.range(0, words.size()).mapToObj(words::get).toList();
                throw cell.notAClass(labels);
            }
            default -> firstUnknown = firstUnknown.isEmpty() ? text : firstUnknown;
        }
        return words.size();
    }

    @Override
    boolean hasDictionary() {
        return content == Content.WORDS || content == Content.LABELS;
    }

    @Override
    StringDictionary dictionary() {
        return words;
    }

    @Override
    String word(int code) {
        return code == words.size() ? firstUnknown : words.get(code);
    }

    @Override
    void requireCompatible(Feature feature) {} // each cell has been looked at
}
