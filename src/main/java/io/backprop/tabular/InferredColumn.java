package io.backprop.tabular;

import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A column whose type is inferred from its cells. */
final class InferredColumn extends Column {
    /*
     * A column starts with a dictionary, and its cells are codes. When it has more distinct values than a categorical
     * feature may have, it changes to numbers or dates if all of its values are such, or else is dropped.
     */

    /** Distinct values that a feature may have. */
    static final int MAX_CATEGORIES = 1_000;

    /** Distinct values that a target may have. */
    static final int MAX_CLASSES = 10_000;

    private static final int CELLS_PER_VALUE = 8; // that take as much memory as a value of the dictionary, without text

    private final int index;
    private final TableBuilder table;
    private final Map<CellType, CellReference> first = new EnumMap<>(CellType.class); // cell of each type
    private @Nullable StringDictionary dictionary = new StringDictionary();
    private String dictionaryRefusal = "";
    private CellType parsedType = CellType.TEXT; // NUMBER or DATE if there is no dictionary; TEXT: dropped
    private int misfits; // among numbers or dates

    InferredColumn(String name, int index, TableBuilder table) {
        super(name);
        this.index = index;
        this.table = table;
    }

    @Override
    float convertValue(char[] text, int offset, int length) {
        if (dictionary != null) {
            int code = dictionary.codeOf(text, offset, length);
            return code >= 0 ? code : add(dictionary, new String(text, offset, length));
        }
        if (parsedType == CellType.TEXT) {
            return Float.NaN;
        }
        float number = parsedType.parse(text, offset, length);
        if (Float.isNaN(number)) {
            addType(new String(text, offset, length));
            misfits++;
            if (!isHomogeneous() || misfits > MAX_CATEGORIES) { // finding the type is slow, and enough is known
                parsedType = CellType.TEXT;
            }
        }
        return number;
    }

    private float add(StringDictionary dictionary, String value) {
        CellType type = addType(value);
        boolean homogeneous = isHomogeneous();
        if (value.length() > StringDictionary.MAX_LENGTH) {
            dropDictionary("has values of more than %,d characters".formatted(StringDictionary.MAX_LENGTH));
            return Float.NaN;
        }
        if (dictionary.size() < (homogeneous ? MAX_CATEGORIES : MAX_CLASSES)) {
            if (!StringDictionary.isStorable(value)) {
                throw new CellReference(table.place(), name(), "")
                        .violates("must not contain NUL characters or unpaired surrogates");
            }
            table.charge(CELLS_PER_VALUE + value.length() / 2);
            return dictionary.add(value, type.parse(value));
        }
        dropDictionary("has more than %,d different values".formatted(dictionary.size()));
        if (!homogeneous) {
            return Float.NaN;
        }
        table.decode(index, dictionary);
        parsedType = first.containsKey(CellType.DATE) ? CellType.DATE : CellType.NUMBER;
        return type.parse(value);
    }

    private CellType addType(String value) {
        CellType type = CellType.of(value);
        first.computeIfAbsent(type, same -> new CellReference(table.place(), name(), value));
        return type;
    }

    private void dropDictionary(String reason) {
        dictionary = null;
        dictionaryRefusal = reason;
    }

    /** Whether all values so far are numbers, ambiguous ones included, or all are dates. */
    private boolean isHomogeneous() {
        boolean numbers = first.containsKey(CellType.NUMBER) || first.containsKey(CellType.AMBIGUOUS);
        return !first.containsKey(CellType.TEXT) && !(numbers && first.containsKey(CellType.DATE));
    }

    private boolean hasOnly(CellType type) {
        return first.containsKey(type) && first.size() == 1;
    }

    boolean isDates() {
        return hasOnly(CellType.DATE);
    }

    /** Whether all values are missing. */
    boolean isEmpty() {
        return first.isEmpty();
    }

    /** Whether the column holds numbers or dates. Rejects a column that would if a value were not ambiguous. */
    boolean inferNumeric() {
        CellReference ambiguous = first.get(CellType.AMBIGUOUS);
        if (ambiguous != null && isHomogeneous()) {
            throw ambiguous.notANumber();
        }
        return hasOnly(CellType.NUMBER) || isDates();
    }

    /** The first cell that keeps a column with numbers from being numeric; null if there are no numbers or no such cell. */
    @Nullable
    CellReference firstAmongNumbers() {
        CellReference text = first.get(CellType.TEXT);
        return first.containsKey(CellType.NUMBER) ? (text == null ? first.get(CellType.DATE) : text) : null;
    }

    /** Null if there are too many distinct values, or too long ones. */
    @Override
    @Nullable
    StringDictionary dictionary() {
        return dictionary;
    }

    /** The dictionary of a column that must be categorical. */
    StringDictionary requireDictionary(String rule) {
        if (dictionary == null) {
            throw TableException.invalid("column %s %s, but %s", TableException.quote(name()), rule, dictionaryRefusal);
        }
        return dictionary;
    }

    /** Why there is no dictionary. */
    String dictionaryRefusal() {
        return dictionaryRefusal;
    }

    @Override
    String value(int code) {
        return requireDictionary("must be categorical").get(code);
    }

    @Override
    void requireCompatible(Feature feature) {
        if (feature instanceof Feature.Numeric numeric) {
            requireNumeric(numeric.dates());
        } else {
            requireDictionary("must be categorical");
        }
    }

    /** Rejects a column that holds anything but numbers or, respectively, anything but dates. */
    void requireNumeric(boolean dates) {
        first.forEach((type, cell) -> {
            if (type != (dates ? CellType.DATE : CellType.NUMBER)) {
                throw dates ? cell.notADate() : cell.notANumber();
            }
        });
    }

    /** Rejects a column that holds neither numbers alone nor dates alone. */
    void requireNumeric() {
        boolean numbers = first.containsKey(CellType.NUMBER) || first.containsKey(CellType.AMBIGUOUS);
        requireNumeric(first.containsKey(CellType.DATE) && !numbers);
    }

    /** The number or date of a cell of a numeric column. */
    float number(float cell) {
        return dictionary == null || Float.isNaN(cell) ? cell : dictionary.number((int) cell);
    }
}
