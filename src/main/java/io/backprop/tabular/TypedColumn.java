package io.backprop.tabular;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A column whose type a model knows. Cells of another type are rejected as they are read. */
final class TypedColumn extends Column {

    private enum Content {
        NUMBERS,
        DATES,
        CATEGORIES,
        CLASSES,
        IGNORED
    }

    private final RowPosition position;
    private final Content content;
    private final StringDictionary dictionary = new StringDictionary();
    private String firstUnknown = "";

    private TypedColumn(String name, RowPosition position, Content content, List<String> values) {
        super(name);
        this.position = position;
        this.content = content;
        values.forEach(value -> dictionary.add(value, Float.NaN));
    }

    static TypedColumn of(Feature feature, RowPosition position) {
        if (feature instanceof Feature.Numeric numeric) {
            return numeric(feature.name(), numeric.dates(), position);
        }
        List<String> categories = ((Feature.Categorical) feature).categories();
        return new TypedColumn(feature.name(), position, Content.CATEGORIES, categories);
    }

    private static TypedColumn numeric(String name, boolean dates, RowPosition position) {
        return new TypedColumn(name, position, dates ? Content.DATES : Content.NUMBERS, List.of());
    }

    /**
     * The column of the expected predictions.
     *
     * @param dates whether the numbers are written as dates
     * @param classes the names of all classes; empty if the target is numeric
     */
    static TypedColumn target(String name, boolean dates, List<String> classes, RowPosition position) {
        return classes.isEmpty()
                ? numeric(name, dates, position)
                : new TypedColumn(name, position, Content.CLASSES, classes);
    }

    static TypedColumn ignored(String name, RowPosition position) {
        return new TypedColumn(name, position, Content.IGNORED, List.of());
    }

    @Override
    float convertValue(char[] text, int offset, int length) {
        float cell = switch (content) {
            case NUMBERS -> NumberParser.parse(text, offset, length);
            case DATES -> DateParser.parse(text, offset, length);
            case CATEGORIES -> codeOf(text, offset, length);
            case CLASSES -> classOf(text, offset, length);
            case IGNORED -> 0;
        };
        return Float.isNaN(cell) ? unknown(new String(text, offset, length)) : cell;
    }

    private float codeOf(char[] text, int offset, int length) {
        int code = dictionary.codeOf(text, offset, length);
        return code < 0 ? Float.NaN : code;
    }

    /** The code of a class, also of an integer that is written as 1.0. */
    private float classOf(char[] text, int offset, int length) {
        float cell = codeOf(text, offset, length);
        return Float.isNaN(cell)
                ? ClassEncoding.codeOf(new String(text, offset, length))
                        .map(code -> codeOf(code.toCharArray(), 0, code.length()))
                        .orElse(Float.NaN)
                : cell;
    }

    /** The code of a category that the model does not know. Rejects any other cell. */
    private float unknown(String text) {
        CellReference cell = new CellReference(position.toString(), name(), text);
        switch (content) {
            case NUMBERS -> throw cell.notANumber();
            case DATES -> throw cell.notADate();
            case CLASSES -> throw cell.notAClass(dictionary.toList());
            default -> firstUnknown = firstUnknown.isEmpty() ? text : firstUnknown;
        }
        return dictionary.size();
    }

    @Override
    @Nullable
    StringDictionary dictionary() {
        return content == Content.CATEGORIES || content == Content.CLASSES ? dictionary : null;
    }

    @Override
    String value(int code) {
        return code == dictionary.size() ? firstUnknown : dictionary.get(code);
    }

    @Override
    void requireCompatible(Feature feature) {} // each cell has been checked
}
