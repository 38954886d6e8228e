package io.backprop.tabular;

import java.util.List;
import java.util.stream.IntStream;

/** A column of which a model knows what it must hold; other cells are refused where they are met. */
final class KnownColumn extends Column {

    private enum Content {
        NUMBERS,
        DATES,
        WORDS,
        LABELS,
        NOTHING
    }

    private final Position position;
    private final Content content;
    private final Words words = new Words();
    private String firstUnknown = "";

    private KnownColumn(String name, Position position, Content content) {
        super(name);
        this.position = position;
        this.content = content;
    }

    static KnownColumn of(Feature feature, Position position) {
        if (feature instanceof Feature.Numeric numeric) {
            return new KnownColumn(feature.name(), position, numeric.dates() ? Content.DATES : Content.NUMBERS);
        }
        KnownColumn column = new KnownColumn(feature.name(), position, Content.WORDS);
        ((Feature.Categorical) feature).categories().forEach(column::learn);
        return column;
    }

    /**
     * A column to compare predictions with.
     *
     * @param dates whether the numbers are written as dates
     * @param labels names of all classes; none if they are numbers
     */
    static KnownColumn target(String name, boolean dates, List<String> labels, Position position) {
        Content numbers = dates ? Content.DATES : Content.NUMBERS;
        KnownColumn column = new KnownColumn(name, position, labels.isEmpty() ? numbers : Content.LABELS);
        labels.forEach(column::learn);
        return column;
    }

    /** A column that no one asks for. */
    static KnownColumn ignored(String name, Position position) {
        return new KnownColumn(name, position, Content.NOTHING);
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
        Cell cell = new Cell(position.toString(), name(), text);
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
    boolean hasWords() {
        return content == Content.WORDS || content == Content.LABELS;
    }

    @Override
    Words words() {
        return words;
    }

    @Override
    String word(int code) {
        return code == words.size() ? firstUnknown : words.get(code);
    }

    @Override
    void requireFit(Feature feature) {} // each cell has been looked at
}
