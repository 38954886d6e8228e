package io.backprop.tabular;

import io.backprop.tabular.RowSink.CellKind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** A column whose type is inferred from its cells. */
final class InferredColumn extends Column {
    /*
     * A column starts with a dictionary, and its cells are codes. When it has more distinct values than a categorical
     * column may have, it changes to the numbers or dates that its values are, and to NaN for those that are neither.
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
    private final TableBuilder table;
    private final Map<CellType, CellReference> first = new LinkedHashMap<>(); // cell of each type, in the table's order
    private final long[] counts = new long[CellType.values().length]; // of cells; at the end, if they have codes
    private @Nullable StringDictionary dictionary = new StringDictionary();
    private String dictionaryRefusal = "";
    private CellType parsedType = CellType.NUMBER; // NUMBER or DATE, if there is no dictionary
    private @Nullable CellReference firstNumberAsText;
    private long numbersAsText;
    private Type type = Type.CATEGORIES; // until the table is complete

    InferredColumn(String name, int index, CellParser parser, TableBuilder table) {
        super(name, parser);
        this.index = index;
        this.table = table;
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
        if (dictionary != null) {
            int code = dictionary.codeOf(text, offset, length);
            return code >= 0 ? code : add(dictionary, new String(text, offset, length));
        }
        float number = parser.parse(parsedType, text, offset, length);
        count(Float.isNaN(number) ? addType(text, offset, length) : parsedType, 1);
        return number;
    }

    private float add(StringDictionary dictionary, String value) {
        CellType valueType = addType(value.toCharArray(), 0, value.length());
        if (value.length() > StringDictionary.MAX_LENGTH) {
            dictionaryRefusal = "has values of more than %,d characters".formatted(StringDictionary.MAX_LENGTH);
            count(valueType, 1);
            return Float.NaN;
        }
        if (dictionary.size() < (isHomogeneous() ? MAX_CATEGORIES : MAX_CLASSES)) {
            if (!StringDictionary.isStorable(value)) {
                throw reference("").violates("must not contain NUL characters or unpaired surrogates");
            }
            table.charge(CELLS_PER_VALUE + value.length() / 2);
            return dictionary.add(value, parser.parse(valueType, value));
        }
        dictionaryRefusal = "has more than %,d different values".formatted(dictionary.size());
        parse(dictionary);
        count(valueType, 1);
        return parser.parse(parsedType, value);
    }

    /** Replaces the codes by the numbers or dates that most of the cells are. */
    private void parse(StringDictionary dictionary) {
        countCells(dictionary);
        parsedType = count(CellType.DATE) > count(CellType.NUMBER) ? CellType.DATE : CellType.NUMBER;
        keepOnly(parsedType, dictionary);
        table.decode(index, dictionary);
        this.dictionary = null;
    }

    private void countCells(StringDictionary dictionary) {
        int[] uses = table.countCodes(index, dictionary.size());
        for (int code = 0; code < uses.length; code++) {
            count(parser.typeOf(dictionary.get(code)), uses[code]);
        }
    }

    private void keepOnly(CellType kept, StringDictionary dictionary) {
        for (int code = 0; code < dictionary.size(); code++) {
            if (parser.typeOf(dictionary.get(code)) != kept) {
                dictionary.setNumber(code, Float.NaN);
            }
        }
    }

    private CellType addType(char[] text, int offset, int length) {
        CellType found = parser.typeOf(text, offset, length);
        first.computeIfAbsent(found, same -> reference(new String(text, offset, length)));
        return found;
    }

    private CellReference reference(String text) {
        return new CellReference(table.place(), name(), text);
    }

    @SuppressWarnings("EnumOrdinal") // for each cell of a table
    private void count(CellType cells, long more) {
        counts[cells.ordinal()] += more;
    }

    @SuppressWarnings("EnumOrdinal")
    private long count(CellType cells) {
        return counts[cells.ordinal()];
    }

    /** Whether all values so far are numbers, ambiguous ones included, or all are dates. */
    private boolean isHomogeneous() {
        boolean numbers = first.containsKey(CellType.NUMBER) || first.containsKey(CellType.AMBIGUOUS);
        return !first.containsKey(CellType.TEXT) && !(numbers && first.containsKey(CellType.DATE));
    }

    @Override
    void finish() {
        if (dictionary != null) {
            if (first.size() > 1 || numbersAsText > 0) {
                countCells(dictionary);
            } else {
                first.keySet().forEach(only -> count(only, 1)); // enough to infer the type
            }
        }
        long numbers = count(CellType.NUMBER) + count(CellType.AMBIGUOUS);
        long dates = count(CellType.DATE);
        long cells = numbers + dates + count(CellType.TEXT);
        if (isNearlyAll(numbers, cells)) {
            type = isNearlyAll(numbers - numbersAsText, cells) ? Type.NUMBERS : Type.CATEGORIES;
        } else if (isNearlyAll(dates, cells)) {
            type = Type.DATES;
        }
    }

    private static boolean isNearlyAll(long part, long cells) {
        return cells > 0 && 20 * part >= 19 * cells; // 95 %
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
        boolean many = values.size() >= MIN_MEASURES || !dictionaryRefusal.isEmpty();
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
                .findFirst()
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
        if (dictionary == null || !dictionaryRefusal.isEmpty()) {
            throw TableException.invalid("column %s %s, but %s", quotedName(), rule, dictionaryRefusal);
        }
        return dictionary;
    }

    /** Why the column can't be categorical; empty if it can. */
    String dictionaryRefusal() {
        return dictionaryRefusal;
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
        long numbers = count(CellType.NUMBER) + count(CellType.AMBIGUOUS);
        require(count(CellType.DATE) > numbers ? Type.DATES : Type.NUMBERS, warnings);
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
