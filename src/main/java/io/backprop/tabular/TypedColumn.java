package io.backprop.tabular;

import io.backprop.tabular.RowSink.CellKind;
import io.backprop.tabular.TableColumns.Use;
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
    private final Warnings warnings;
    private final StringDictionary dictionary = new StringDictionary();
    private String firstUnknown = "";

    private TypedColumn(
            String name,
            Content content,
            List<String> values,
            CellParser parser,
            RowPosition position,
            Warnings warnings) {
        super(name, parser);
        this.position = position;
        this.content = content;
        this.warnings = warnings;
        values.forEach(value -> dictionary.add(value, Float.NaN));
    }

    static TypedColumn of(Feature feature, CellParser parser, RowPosition position, Warnings warnings) {
        if (feature instanceof Feature.Numeric numeric) {
            return numeric(feature.name(), numeric.dates(), parser, position, warnings);
        }
        List<String> categories = ((Feature.Categorical) feature).categories();
        return new TypedColumn(feature.name(), Content.CATEGORIES, categories, parser, position, warnings);
    }

    private static TypedColumn numeric(
            String name, boolean dates, CellParser parser, RowPosition position, Warnings warnings) {
        return new TypedColumn(name, dates ? Content.DATES : Content.NUMBERS, List.of(), parser, position, warnings);
    }

    /**
     * The column of the expected predictions.
     *
     * @param dates whether the numbers are written as dates
     * @param classes the names of all classes; empty if the target is numeric
     */
    static TypedColumn target(
            String name,
            boolean dates,
            List<String> classes,
            CellParser parser,
            RowPosition position,
            Warnings warnings) {
        return classes.isEmpty()
                ? numeric(name, dates, parser, position, warnings)
                : new TypedColumn(name, Content.CLASSES, classes, parser, position, warnings);
    }

    static TypedColumn ignored(String name, CellParser parser, RowPosition position) {
        return new TypedColumn(name, Content.IGNORED, List.of(), parser, position, new Warnings());
    }

    /** A column that may be fitted. */
    static TypedColumn of(Use use, CellParser parser, RowPosition position) {
        Content content = switch (use.content()) {
            case NUMBERS -> Content.NUMBERS;
            case DATES -> Content.DATES;
            case CATEGORIES -> Content.CATEGORIES;
            case CLASSES -> Content.CLASSES;
        };
        return new TypedColumn(use.name(), content, use.values(), parser, position, new Warnings());
    }

    /** A column that a model does not need, unless its numbers decide about the division of rows. */
    static TypedColumn unexpected(String name, @Nullable RowSplit split, CellParser parser, RowPosition position) {
        RowSplit.Content hashed = split instanceof RowSplit.ByContent byContent ? byContent.contentOf(name) : null;
        return hashed == null || hashed == RowSplit.Content.TEXT
                ? ignored(name, parser, position)
                : numeric(name, hashed == RowSplit.Content.DATE, parser, position, new Warnings());
    }

    /** Whether the values are numbers other than dates. */
    boolean hasNumbers() {
        return content == Content.NUMBERS;
    }

    @Override
    float convertValue(CellKind kind, char[] text, int offset, int length) {
        float cell = switch (content) {
            case NUMBERS -> parser.number(text, offset, length);
            case DATES -> parser.date(text, offset, length);
            case CATEGORIES -> codeOf(text, offset, length);
            case CLASSES -> classOf(text, offset, length);
            case IGNORED -> 0;
        };
        return Float.isNaN(cell) ? unknown(new String(text, offset, length)) : cell;
    }

    private float codeOf(char[] text, int offset, int length) {
        int code = dictionary.codeOf(text, offset, length);
        int known = code < 0 ? dictionary.codeOfTruthValue(text, offset, length) : code;
        return known < 0 ? Float.NaN : known;
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

    /** The code of a category that the model does not know, or NaN for an invalid cell that is a missing value. */
    private float unknown(String text) {
        CellReference cell = new CellReference(position.place(), name(), text);
        return switch (content) {
            case NUMBERS -> invalid(cell, InferredColumn.Type.NUMBERS);
            case DATES -> invalid(cell, InferredColumn.Type.DATES);
            case CLASSES -> throw cell.notAClass(dictionary.toList());
            case CATEGORIES, IGNORED -> {
                firstUnknown = firstUnknown.isEmpty() ? text : firstUnknown;
                yield dictionary.size();
            }
        };
    }

    private float invalid(CellReference cell, InferredColumn.Type type) {
        if (parser.invalidCells() == InvalidCells.ERROR) {
            throw cell.notA(type, parser, "");
        }
        warnings.countInvalid(cell, type);
        return Float.NaN;
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
    void requireCompatible(Feature feature, Warnings columnWarnings) {} // each cell has been checked
}
