package io.backprop.tabular;

import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A column of which nothing was known; what it holds is found from its cells. */
final class InferredColumn extends Column {
    /*
     * A column begins as words, and its cells are the words' codes. With more different words than a category may have
     * it becomes what all of them are, numbers or dates, or else is given up. NaN is a gap in each case.
     */

    /** Different words that a feature may have. */
    static final int MOST_CATEGORIES = 1_000;

    /** Different words that a target may have. */
    static final int MOST_WORDS = 10_000;

    private static final int CELLS_OF_A_WORD = 8; // which take as much memory as a word, without its characters

    /** How the cells are kept. */
    private enum State {
        WORDS,
        NUMBERS,
        DATES,
        GIVEN_UP
    }

    private final int index;
    private final RowPosition position;
    private final Cells cells;
    private final Map<CellType, CellReference> first = new EnumMap<>(CellType.class); // cell of each kind
    private State state = State.WORDS;
    private StringDictionary words = new StringDictionary();
    private String dictionaryRefusal = "";
    private int misfits; // among numbers or dates

    InferredColumn(String name, int index, RowPosition position, Cells cells) {
        super(name);
        this.index = index;
        this.position = position;
        this.cells = cells;
    }

    @Override
    float read(char[] text, int offset, int length) {
        float cell = Float.NaN;
        switch (state) {
            case WORDS -> {
                int code = words.find(text, offset, length);
                return code >= 0 ? code : learn(new String(text, offset, length));
            }
            case NUMBERS -> cell = CellNumbers.parse(text, offset, length);
            case DATES -> cell = CellDates.parse(text, offset, length);
            case GIVEN_UP -> {
                return Float.NaN;
            }
        }
        if (Float.isNaN(cell)) {
            note(new String(text, offset, length));
            misfits++;
            if (!isOfOneKind() || misfits > MOST_CATEGORIES) { // looking at each is slow, and enough is known
                giveUp(dictionaryRefusal);
            }
        }
        return cell;
    }

    private float learn(String word) {
        CellType kind = note(word);
        if (word.length() > StringDictionary.LONGEST) {
            giveUp("has words of more than %,d characters".formatted(StringDictionary.LONGEST));
            return Float.NaN;
        }
        float value = valueOf(word, kind);
        if (words.size() < (isOfOneKind() ? MOST_CATEGORIES : MOST_WORDS)) {
            if (!CellReference.isText(word)) {
                throw new CellReference(position.toString(), name(), "").breaks("has characters that are no text");
            }
            cells.charge(CELLS_OF_A_WORD + word.length() / 2);
            return words.add(word, value);
        }
        if (!isOfOneKind()) {
            giveUp("has more than %,d different words".formatted(MOST_WORDS));
            return Float.NaN;
        }
        cells.valuesOf(words, index);
        words = new StringDictionary();
        dictionaryRefusal = "has more than %,d different values".formatted(MOST_CATEGORIES);
        state = first.containsKey(CellType.DATE) ? State.DATES : State.NUMBERS;
        return value;
    }

    private CellType note(String text) {
        CellType kind = CellType.of(text);
        first.computeIfAbsent(kind, same -> new CellReference(position.toString(), name(), text));
        return kind;
    }

    private static float valueOf(String word, CellType kind) {
        char[] text = word.toCharArray();
        return switch (kind) {
            case NUMBER -> CellNumbers.parse(text, 0, text.length);
            case DATE -> CellDates.parse(text, 0, text.length);
            case AMBIGUOUS, WORD -> Float.NaN;
        };
    }

    private void giveUp(String reason) {
        state = State.GIVEN_UP;
        words = new StringDictionary();
        dictionaryRefusal = reason;
    }

    /** Whether all cells so far are numbers, clear or not, or all are dates. */
    private boolean isOfOneKind() {
        boolean numbers = first.containsKey(CellType.NUMBER) || first.containsKey(CellType.AMBIGUOUS);
        return !first.containsKey(CellType.WORD) && !(numbers && first.containsKey(CellType.DATE));
    }

    /** Whether all cells but gaps are numbers, and there are some. */
    boolean isNumbers() {
        return first.containsKey(CellType.NUMBER) && first.size() == 1;
    }

    boolean isDates() {
        return first.containsKey(CellType.DATE) && first.size() == 1;
    }

    /** Whether there are gaps alone. */
    boolean isEmpty() {
        return first.isEmpty();
    }

    /** The first of the cells without which the column would be numbers; none if it would not. */
    @Nullable
    CellReference firstAmbiguous() {
        return isOfOneKind() ? first.get(CellType.AMBIGUOUS) : null;
    }

    @Nullable
    CellReference first(CellType kind) {
        return first.get(kind);
    }

    /** Whether there are not too many words, or too long ones. */
    @Override
    boolean hasDictionary() {
        return state == State.WORDS;
    }

    /** What keeps it from having words. */
    String dictionaryRefusal() {
        return dictionaryRefusal;
    }

    @Override
    StringDictionary dictionary() {
        return words;
    }

    /** The first of the cells that keep numbers from being taken for numbers; none if there are no numbers, or no others. */
    @Nullable
    CellReference firstAmongNumbers() {
        if (!first.containsKey(CellType.NUMBER)) {
            return null;
        }
        CellReference word = first.get(CellType.WORD);
        return word == null ? first.get(CellType.DATE) : word;
    }

    @Override
    void requireCompatible(Feature feature) {
        if (feature instanceof Feature.Numeric numeric) {
            requireKind(numeric.dates());
        } else if (!hasDictionary()) {
            throw TableException.invalid(
                    "column %s must have words, but %s", CellReference.quote(name()), dictionaryRefusal);
        }
    }

    /** Refuses a column that holds anything but numbers, or anything but dates. */
    void requireKind(boolean dates) {
        for (Map.Entry<CellType, CellReference> other : first.entrySet()) {
            if (other.getKey() != (dates ? CellType.DATE : CellType.NUMBER)) {
                throw dates ? other.getValue().notADate() : other.getValue().notANumber();
            }
        }
    }

    /** Refuses a column that is neither numbers alone nor dates alone. */
    void requireNumbersOrDates() {
        boolean dates = first.containsKey(CellType.DATE) && !first.containsKey(CellType.NUMBER);
        requireKind(dates && !first.containsKey(CellType.AMBIGUOUS));
    }

    /** The number or date of a cell of a column that has nothing else. */
    float value(float cell) {
        return hasDictionary() && !Float.isNaN(cell) ? words.value((int) cell) : cell;
    }
}
