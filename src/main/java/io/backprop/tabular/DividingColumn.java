package io.backprop.tabular;

import static io.backprop.tabular.TableException.quote;

import io.backprop.tabular.RowSink.CellKind;

/** The column of a {@link RowDivision}. Its cells are codes of texts, so that long numbers are never confused. */
final class DividingColumn extends Column {

    private static final int MAX_VALUES = 1 << 24; // codes that a float holds exactly
    private static final int MAX_CHARACTERS = 1 << 30; // of all values
    private static final int CELLS_PER_VALUE = 8; // that take as much memory as a value of the dictionary, without text
    private static final int CELLS_PER_ROW = 4; // that take as much memory as dividing it

    private final RowDivision division;
    private final RowPosition position;
    private final CellStorage storage;
    private final StringDictionary dictionary = new StringDictionary();
    private int characters;

    DividingColumn(RowDivision division, CellParser parser, RowPosition position, CellStorage storage) {
        super(division.column(), parser);
        this.division = division;
        this.position = position;
        this.storage = storage;
    }

    @Override
    float convertMissing() {
        throw violation(
                isGroups() ? "must name a group in each row, but is missing" : mustBePart() + ", but is missing", "");
    }

    @Override
    float convertValue(CellKind kind, char[] text, int offset, int length) {
        storage.charge(CELLS_PER_ROW);
        int code = dictionary.codeOf(text, offset, length);
        return code >= 0 ? code : add(new String(text, offset, length));
    }

    private float add(String value) {
        if (isGroups()) {
            requireLength(value);
            if (!storage.keepsCells()) {
                return 0;
            }
            requireRoomFor(value);
        } else if (!value.equals(RowDivision.TRAINING) && !value.equals(RowDivision.VALIDATION)) {
            throw violation(mustBePart() + ", but is " + quote(value), value);
        }
        storage.charge(CELLS_PER_VALUE + value.length());
        return dictionary.add(value, Float.NaN);
    }

    private void requireLength(String group) {
        if (group.length() > StringDictionary.MAX_LENGTH) {
            throw violation(
                    "must name groups in at most %d characters, but has more".formatted(StringDictionary.MAX_LENGTH),
                    group);
        }
    }

    private void requireRoomFor(String group) {
        characters += group.length();
        if (dictionary.size() == MAX_VALUES || characters > MAX_CHARACTERS) {
            throw violation(
                    "may name at most %,d groups, in %,d characters".formatted(MAX_VALUES, MAX_CHARACTERS), group);
        }
    }

    private boolean isGroups() {
        return division.kind() == RowDivision.Kind.GROUP;
    }

    private static String mustBePart() {
        return "must be %s or %s".formatted(quote(RowDivision.TRAINING), quote(RowDivision.VALIDATION));
    }

    private TableException violation(String rule, String value) {
        return new CellReference(position.place(), name(), value).violates(rule);
    }

    /** The cell of a row that is for validation; none is equal if there is no such row. */
    float validationCell() {
        char[] text = RowDivision.VALIDATION.toCharArray();
        return dictionary.codeOf(text, 0, text.length);
    }

    @Override
    StringDictionary dictionary() {
        return dictionary;
    }

    @Override
    String value(int code) {
        return dictionary.get(code);
    }

    @Override
    void requireCompatible(Feature feature, Warnings warnings) {
        throw TableException.invalid(
                "column %s can't divide the rows, because the model was trained with it as a feature; to divide by it,"
                        + " train from scratch",
                quote(name()));
    }
}
