package io.backprop.tabular;

import io.backprop.tabular.RowSink.CellKind;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** A column whose type is inferred from its cells. */
final class InferredColumn extends Column {
    /*
     * A column starts with a dictionary, and its cells are codes. When it has more distinct numbers and dates than a
     * feature may have, or more distinct values than a target, it changes to the numbers or dates that its values are, and
     * to NaN for those that are neither. What is inferred does not depend on the order of the cells: if in the end there are
     * more dates than numbers, or fewer, than when the column changed, those that were set aside are exchanged for the others.
     */

    /** How the cells of a column can be used. */
    enum Type {
        NUMBERS,
        DATES,
        CATEGORIES
    }

    /** Distinct values that a feature may have. */
    static final int MAX_CATEGORIES = 1_000;

    /** Distinct values that a target may have. */
    static final int MAX_CLASSES = 10_000;

    private static final int CELLS_PER_VALUE = 8; // that take as much memory as a value of the dictionary, without text
    private static final int MAX_SAMPLES = 100;
    private static final int MIN_MEASURES = 20; // distinct values; fewer may be categories, such as sizes of bottles
    private static final Pattern MEASURE =
            Pattern.compile("([^\\d\\s.,+-]{0,4})\\s*([+-]?[\\d.,]+)\\s*([^\\d\\s]{0,8})");

    private final int index;
    private final RowPosition position;
    private final CellStorage storage;
    private final Map<CellType, CellReference> first = new EnumMap<>(CellType.class); // cell of each type
    private final long[] counts = new long[CellType.values().length]; // of cells; at the end, if they have codes
    private @Nullable StringDictionary dictionary = new StringDictionary();
    private long[] uses = new long[4]; // by code
    private int numbers; // values in the dictionary that are not text
    private boolean hasLongValues;
    private CellType parsedType = CellType.NUMBER; // NUMBER or DATE, if there is no dictionary
    private @Nullable CellReference firstNumberAsText;
    private long numbersAsText;
    private Type type = Type.CATEGORIES; // until the table is complete

    InferredColumn(String name, int index, CellParser parser, RowPosition position, CellStorage storage) {
        super(name, parser);
        this.index = index;
        this.position = position;
        this.storage = storage;
    }

    @Override
    float convertValue(CellKind kind, char[] text, int offset, int length) {
        if (name().isEmpty()) {
            return Float.NaN;
        }
        if (kind == CellKind.TEXT && !Float.isNaN(parser.number(text, offset, length))) {
            firstNumberAsText = numbersAsText == 0 ? reference(new String(text, offset, length)) : firstNumberAsText;
            numbersAsText++;
        }
        StringDictionary values = dictionary;
        if (values == null) {
            return parse(text, offset, length);
        }
        int code = values.codeOf(text, offset, length);
        if (code >= 0) {
            uses[code]++;
            return code;
        }
        CellType valueType = addType(text, offset, length);
        if (!requireStorable(text, offset, length)) {
            count(valueType, 1);
            return Float.NaN;
        }
        if (add(values, new String(text, offset, length), valueType, 1)) {
            return values.size() - 1;
        }
        parseAll(values);
        return parse(text, offset, length);
    }

    /** Adds a value to the dictionary, unless it has too many. */
    private boolean add(StringDictionary values, String value, CellType valueType, long cells) {
        boolean isText = valueType == CellType.TEXT;
        if (values.size() == MAX_CLASSES || (!isText && numbers == MAX_CATEGORIES)) {
            return false;
        }
        storage.charge(CELLS_PER_VALUE + value.length() / 2);
        int code = values.add(value, parser.parse(valueType, value));
        if (code == uses.length) {
            uses = Arrays.copyOf(uses, 2 * code);
        }
        uses[code] = cells;
        numbers += isText ? 0 : 1;
        return true;
    }

    /** Parses a cell of a column without a dictionary. */
    private float parse(char[] text, int offset, int length) {
        float number = parser.number(text, offset, length);
        CellType found = CellType.NUMBER;
        if (Float.isNaN(number)) {
            found = addType(text, offset, length);
            number = parser.parse(found, text, offset, length);
            if (found != CellType.DATE) {
                requireStorable(text, offset, length);
            }
        } else if (!first.containsKey(CellType.NUMBER)) {
            addType(text, offset, length);
        }
        count(found, 1);
        if (found == parsedType || Float.isNaN(number)) {
            return number;
        }
        storage.setAside(index, number);
        return Float.NaN;
    }

    /**
     * Counts a cell that is a number, in a column that does not keep cells.
     *
     * @return whether that suffices: false, and nothing is counted, if the text of the cell is needed
     */
    boolean countNumber(float number) {
        if (dictionary != null || !first.containsKey(CellType.NUMBER) || Float.isInfinite(number)) {
            return false;
        }
        if (!parser.isMissing(number)) {
            count(CellType.NUMBER, 1);
        }
        return true;
    }

    /** Whether a value is short enough for a dictionary. */
    private boolean requireStorable(char[] text, int offset, int length) {
        if (length > StringDictionary.MAX_LENGTH) {
            hasLongValues = true;
            return false;
        }
        if (!StringDictionary.isStorable(text, offset, length)) {
            throw reference("").violates("must not contain NUL characters or unpaired surrogates");
        }
        return true;
    }

    /** Replaces the codes by the numbers or dates that most of the cells are, and gives the dictionary up. */
    private void parseAll(StringDictionary values) {
        countCells(values);
        parsedType = mostlyDates() ? CellType.DATE : CellType.NUMBER;
        float[] parsed = new float[values.size()];
        float[] others = new float[values.size()];
        for (int code = 0; code < parsed.length; code++) {
            boolean isParsed = parser.typeOf(values.get(code)) == parsedType;
            parsed[code] = isParsed ? values.number(code) : Float.NaN;
            others[code] = isParsed ? Float.NaN : values.number(code);
        }
        storage.decode(index, parsed, others);
        dictionary = null;
        uses = new long[0];
    }

    private void countCells(StringDictionary values) {
        for (int code = 0; code < values.size(); code++) {
            count(parser.typeOf(values.get(code)), uses[code]);
        }
    }

    private void keepOnly(CellType kept, StringDictionary values) {
        for (int code = 0; code < values.size(); code++) {
            if (parser.typeOf(values.get(code)) != kept) {
                values.setNumber(code, Float.NaN);
            }
        }
    }

    private CellType addType(char[] text, int offset, int length) {
        CellType found = parser.typeOf(text, offset, length);
        first.computeIfAbsent(found, same -> reference(new String(text, offset, length)));
        return found;
    }

    private CellReference reference(String text) {
        return new CellReference(position.place(), name(), text);
    }

    @SuppressWarnings("EnumOrdinal") // for each cell of a table
    private void count(CellType cells, long more) {
        counts[cells.ordinal()] += more;
    }

    @SuppressWarnings("EnumOrdinal")
    private long count(CellType cells) {
        return counts[cells.ordinal()];
    }

    private long countNumbers() {
        return count(CellType.NUMBER) + count(CellType.AMBIGUOUS);
    }

    private boolean mostlyDates() {
        return count(CellType.DATE) > countNumbers();
    }

    /** Adds the cells of the same column in another part of the table, before {@link #finish}. Neither keeps cells. */
    void merge(InferredColumn other) {
        other.first.forEach((cellType, cell) -> first.merge(cellType, cell, CellReference::first));
        firstNumberAsText = CellReference.first(firstNumberAsText, other.firstNumberAsText);
        numbersAsText += other.numbersAsText;
        hasLongValues |= other.hasLongValues;
        for (int i = 0; i < counts.length; i++) {
            counts[i] += other.counts[i];
        }
        StringDictionary added = other.dictionary;
        if (added == null) {
            if (dictionary != null) {
                parseAll(dictionary);
            }
            return;
        }
        for (int code = 0; code < added.size(); code++) {
            addAll(added.get(code), other.uses[code]);
        }
    }

    private void addAll(String value, long cells) {
        CellType valueType = parser.typeOf(value);
        StringDictionary values = dictionary;
        if (values != null) {
            int code = values.codeOf(value.toCharArray(), 0, value.length());
            if (code >= 0) {
                uses[code] += cells;
                return;
            }
            if (add(values, value, valueType, cells)) {
                return;
            }
            parseAll(values);
        }
        count(valueType, cells);
    }

    void writeTo(DataOutput out) throws IOException {
        for (CellType cellType : CellType.values()) {
            CellReference cell = first.get(cellType);
            out.writeBoolean(cell != null);
            if (cell != null) {
                cell.writeTo(out);
            }
            out.writeLong(count(cellType));
        }
        out.writeLong(numbersAsText);
        if (firstNumberAsText != null) {
            firstNumberAsText.writeTo(out);
        }
        out.writeBoolean(hasLongValues);
        out.writeInt(dictionary == null ? -1 : dictionary.size());
        for (int code = 0; dictionary != null && code < dictionary.size(); code++) {
            out.writeUTF(dictionary.get(code));
            out.writeLong(uses[code]);
        }
    }

    /** Reads what {@link #writeTo} wrote into this column, which must be empty. */
    void readFrom(DataInput in) throws IOException {
        for (CellType cellType : CellType.values()) {
            if (in.readBoolean()) {
                first.put(cellType, CellReference.readFrom(in, name()));
            }
            count(cellType, in.readLong());
        }
        numbersAsText = in.readLong();
        firstNumberAsText = numbersAsText == 0 ? null : CellReference.readFrom(in, name());
        hasLongValues = in.readBoolean();
        int size = in.readInt();
        if (size < 0) {
            dictionary = null;
        }
        for (int code = 0; code < size; code++) {
            addAll(in.readUTF(), in.readLong());
        }
    }

    @Override
    void finish() {
        if (dictionary != null) {
            countCells(dictionary);
        } else if (mostlyDates() != (parsedType == CellType.DATE)) {
            parsedType = mostlyDates() ? CellType.DATE : CellType.NUMBER;
            storage.exchange(index);
        }
        long dates = count(CellType.DATE);
        long cells = LongStream.of(counts).sum();
        if (isNearlyAll(countNumbers(), cells)) {
            type = isNearlyAll(countNumbers() - numbersAsText, cells) ? Type.NUMBERS : Type.CATEGORIES;
        } else if (isNearlyAll(dates, cells)) {
            type = Type.DATES;
        }
    }

    private static boolean isNearlyAll(long part, long cells) {
        return cells > 0 && 20 * part >= 19 * cells; // 95 %
    }

    /** The number of cells that {@link #number} has a value for, or a class if the column is categorical. */
    long values(boolean categorical) {
        if (categorical) {
            return LongStream.of(counts).sum();
        }
        return count(type == Type.DATES ? CellType.DATE : CellType.NUMBER);
    }

    /** The inferred type, or the one that has been required since. */
    Type type() {
        return type;
    }

    /** Whether all values are missing. */
    boolean isEmpty() {
        return first.isEmpty();
    }

    boolean hasDates() {
        return first.containsKey(CellType.DATE);
    }

    boolean hasNumbersAsText() {
        return numbersAsText > 0;
    }

    /** Why the column is categorical where one could expect numbers or dates; empty if there is no such reason. */
    String categoricalReason() {
        String option = "columns.%s=numeric".formatted(name());
        if (firstNumberAsText != null) {
            return "column %s is categorical because its numbers are given as text, such as %s in %s; %s makes it numeric"
                    .formatted(quotedName(), quote(firstNumberAsText), firstNumberAsText.place(), option);
        }
        CellReference text = first.get(CellType.TEXT);
        List<String> formats = text == null ? List.of() : DatePattern.matching(samples());
        if (text != null && !formats.isEmpty()) {
            return "column %s has dates such as %s, which are taken as text; set dateFormat=%s"
                    .formatted(quotedName(), quote(text), String.join(" or ", formats));
        }
        CellType most = count(CellType.NUMBER) >= count(CellType.DATE) ? CellType.NUMBER : CellType.DATE;
        CellReference other = firstOtherThan(most);
        if (count(most) > 0 && other != null) {
            return "column %s is categorical, not numeric, because of %s in %s; %s with invalidCells=missing makes it numeric"
                    .formatted(quotedName(), quote(other), other.place(), option);
        }
        String unit = text == null ? "" : commonUnit(samples());
        return text == null || unit.isEmpty()
                ? ""
                : "column %s is categorical because its numbers have %s beside them, such as %s in %s; without it the column is numeric"
                        .formatted(quotedName(), TableException.quote(unit), quote(text), text.place());
    }

    /** The text that all values have besides a number, such as "kg" or "$"; empty if they are few or have none. */
    private String commonUnit(List<String> values) {
        boolean many = values.size() >= MIN_MEASURES || !dictionaryRefusal().isEmpty();
        List<String> units = values.stream().map(this::unit).distinct().limit(2).toList();
        return many && units.size() == 1 ? units.get(0) : "";
    }

    private String unit(String value) {
        Matcher measure = MEASURE.matcher(value);
        return measure.matches() && parser.typeOf(measure.group(2)) == CellType.NUMBER
                ? measure.group(1) + measure.group(3)
                : "";
    }

    /** Some of the values, those first that appear first. */
    private List<String> samples() {
        StringDictionary values = dictionary;
        if (values == null) {
            CellReference text = first.get(CellType.TEXT);
            return text == null ? List.of() : List.of(text.text());
        }
        return IntStream.range(0, Math.min(MAX_SAMPLES, values.size()))
                .mapToObj(values::get)
                .toList();
    }

    private String quotedName() {
        return TableException.quote(name());
    }

    private static String quote(CellReference cell) {
        return TableException.quote(cell.text());
    }

    private @Nullable CellReference firstOtherThan(CellType valid) {
        return first.entrySet().stream()
                .filter(cell -> cell.getKey() != valid)
                .map(Map.Entry::getValue)
                .min(Comparator.comparing(CellReference::place))
                .orElse(null);
    }

    /** Null if the cells are numbers. */
    @Override
    @Nullable
    StringDictionary dictionary() {
        return dictionary;
    }

    /** The dictionary of a column that must be categorical. */
    StringDictionary requireDictionary(String rule) {
        if (dictionary == null || hasLongValues) {
            throw TableException.invalid("column %s %s, but %s", quotedName(), rule, dictionaryRefusal());
        }
        return dictionary;
    }

    /** Why the column can't be categorical; empty if it can. */
    String dictionaryRefusal() {
        if (dictionary == null) {
            boolean text = first.keySet().equals(Set.of(CellType.TEXT));
            return "has more than %,d different values".formatted(text ? MAX_CLASSES : MAX_CATEGORIES);
        }
        return hasLongValues ? "has values of more than %,d characters".formatted(StringDictionary.MAX_LENGTH) : "";
    }

    @Override
    String value(int code) {
        return requireDictionary("must be categorical").get(code);
    }

    @Override
    void requireCompatible(Feature feature, Warnings warnings) {
        if (feature instanceof Feature.Numeric numeric) {
            requireLearned(numeric.dates(), warnings);
        } else {
            requireDictionary("must be categorical");
        }
    }

    /** Requires dates or else numbers, as a model has learned them. */
    void requireLearned(boolean dates, Warnings warnings) {
        require(dates ? Type.DATES : Type.NUMBERS, "", warnings);
    }

    /** As {@link #require(Type, Warnings)} with dates, if most cells are dates, else with numbers. */
    void requireNumeric(Warnings warnings) {
        require(mostlyDates() ? Type.DATES : Type.NUMBERS, warnings);
    }

    /**
     * Makes the cells numbers, or dates. Others are rejected or become missing, unless there are no others.
     *
     * @param warnings receives the number of cells that become missing
     */
    void require(Type numeric, Warnings warnings) {
        require(numeric, "columns.%s=categorical takes the column as categories".formatted(name()), warnings);
    }

    private void require(Type numeric, String remedy, Warnings warnings) {
        CellType valid = numeric == Type.DATES ? CellType.DATE : CellType.NUMBER;
        CellReference invalid = firstOtherThan(valid);
        if (invalid != null) {
            boolean readAsOther = dictionary == null && parsedType != valid;
            if (parser.invalidCells() == InvalidCells.ERROR || count(valid) == 0 || readAsOther) {
                throw invalid.notA(numeric, parser, remedy);
            }
            long cells = LongStream.of(counts).sum();
            warnings.add(invalid.takenAsMissing(numeric, cells - count(valid)));
            if (dictionary != null) {
                keepOnly(valid, dictionary);
            }
        }
        type = numeric;
    }

    /** The number or date of a cell of a numeric column; NaN if it is missing. */
    float number(float cell) {
        return dictionary == null || Float.isNaN(cell) ? cell : dictionary.number((int) cell);
    }
}
