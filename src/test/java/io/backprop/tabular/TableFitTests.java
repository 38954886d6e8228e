package io.backprop.tabular;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backprop.engine.Examples;
import io.backprop.engine.Matrix;
import io.backprop.engine.Split;
import io.backprop.tabular.FittedTarget.ClassCount;
import io.backprop.tabular.RowSink.CellKind;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares the fit of a table that is divided into parts with that of the whole table in memory. */
class TableFitTests {

    private static final long SEED = 7;
    private static final ValidationShare FIFTH = new ValidationShare(0.2f);

    static Stream<Arguments> tables() {
        return IntStream.range(0, 40)
                .boxed()
                .flatMap(seed -> Stream.of(
                        Arguments.of(seed, ScalingMethod.STANDARD),
                        Arguments.of(seed, ScalingMethod.ROBUST),
                        Arguments.of(seed, null)));
    }

    @ParameterizedTest
    @MethodSource("tables")
    void isThatOfTheWholeTableHoweverItIsDivided(int seed, @Nullable ScalingMethod scaling) {
        ReferenceTable table = new RandomTable(seed).draw();
        DividedTable divided = DividedTable.of(table.columns(), table.rows(), seed);
        FitOptions options = options(ColumnType.CATEGORICAL, scaling, null, null);
        TableExamples whole = whole(table.columns(), table.rows(), options);
        Split split = whole.splitByContent(FIFTH, null, SEED, null);
        if (split.training().length == 0) {
            assertThatThrownBy(() -> divided.fit(options)).hasMessageContaining("must have rows for training");
            return;
        }
        List<Feature> features = features(whole, split, scaling);
        if (features.isEmpty()) {
            assertThatThrownBy(() -> divided.fit(options)).hasMessageContaining("must have a usable column");
            return;
        }
        FittedTable fitted = divided.fit(options);
        assertThat(fitted.features()).isEqualTo(features);
        assertThat(((FittedTarget.Classes) fitted.target()).classes()).isEqualTo(classes(whole, split));
        assertThat(fitted.trainingRows()).isEqualTo(split.training().length);
        assertThat(fitted.validationRows()).isEqualTo(split.validation().length);
        assertThat(encoded(divided, fitted, options))
                .containsExactlyInAnyOrderElementsOf(encoded(whole, split, fitted));
    }

    private static List<Feature> features(TableExamples whole, Split split, @Nullable ScalingMethod scaling) {
        try {
            return whole.fit(split.training(), scaling);
        } catch (TableException e) {
            return List.of();
        }
    }

    private static List<ClassCount> classes(TableExamples whole, Split split) {
        List<String> labels = ((Targets.Labels) whole.targets()).names();
        return ClassEncoding.sorted(labels).stream()
                .map(name -> new ClassCount(
                        name, count(labels, split.training(), name), count(labels, split.validation(), name)))
                .toList();
    }

    private static long count(List<String> labels, int[] rows, String name) {
        return IntStream.of(rows).filter(row -> labels.get(row).equals(name)).count();
    }

    private static List<String> encoded(TableExamples whole, Split split, FittedTable fitted) {
        List<String> labels = ((Targets.Labels) whole.targets()).names();
        List<String> encoded = new ArrayList<>();
        for (int[] rows : List.of(split.training(), split.validation())) {
            boolean validation = !encoded.isEmpty();
            Matrix inputs = whole.encode(fitted.features(), rows);
            for (int row = 0; row < rows.length; row++) {
                int index = names(fitted).indexOf(labels.get(rows[row]));
                encoded.add(text(inputs, row, index, weight(index, validation), validation));
            }
        }
        return encoded;
    }

    private static List<String> encoded(DividedTable divided, FittedTable fitted, FitOptions options) {
        List<String> classes = names(fitted).size() == 1 ? List.of(names(fitted).get(0), "other") : names(fitted);
        RowEncoding encoding = new RowEncoding(
                new Preprocessing.Columns(
                        fitted.features(), "target", TargetUnit.NUMBER, Scaling.NONE, CellFormat.DEFAULT),
                classes,
                1,
                List.of(weight(0, false), weight(1, false)),
                options.cells(),
                fitted.split());
        List<String> encoded = new ArrayList<>();
        for (int part = 0; part < divided.parts().size(); part++) {
            ExampleRows rows = new ExampleRows(encoding, "", new Warnings(), batch -> {
                Examples examples = batch.examples();
                for (int row = 0; row < examples.size(); row++) {
                    encoded.add(text(
                            examples.inputs(),
                            row,
                            (int) examples.targets().get(row, 0),
                            Objects.requireNonNull(examples.weights()).get(row),
                            batch.validation().get(row)));
                }
            });
            divided.pass(part, rows);
            rows.finish();
        }
        return encoded;
    }

    private static List<String> names(FittedTable fitted) {
        return ((FittedTarget.Classes) fitted.target()).names();
    }

    private static float weight(int index, boolean validation) {
        return validation ? 1 : 2 + index;
    }

    private static String text(Matrix inputs, int row, int index, float weight, boolean validation) {
        float[] values = new float[inputs.columns()];
        inputs.copyRow(row, values, 0);
        return "%s → %d, weight %s, validation %s".formatted(Arrays.toString(values), index, weight, validation);
    }

    @Test
    void summarizesNumericTargetsOfTheRowsForTraining() {
        List<List<String>> rows = rows(1_000, row -> List.of(row + ".5", row % 7 == 0 ? "" : "" + row % 4));
        FitOptions options = options(null, ScalingMethod.STANDARD, null, null);
        TableExamples whole = whole(List.of("x", "target"), rows, options);
        Split split = whole.splitByContent(FIFTH, null, SEED, null);
        Matrix targets = ((Targets.Numbers) whole.targets()).values();
        FittedTable fitted = DividedTable.of(List.of("x", "target"), rows, 1).fit(options);
        assertThat(fitted.target())
                .isEqualTo(new FittedTarget.Numbers(
                        TargetUnit.NUMBER,
                        NumberSummary.ofColumns(targets.select(split.training()))
                                .get(0),
                        4));
        assertThat(fitted.validationRows()).isEqualTo(split.validation().length).isBetween(130L, 210L);
        assertThat(fitted.warnings()).containsExactly("143 rows are ignored because the target \"target\" is missing");
    }

    @Test
    void findsTimesOfDatesInAnyRow() {
        List<List<String>> days = rows(50, row -> List.of("" + row % 9, "2024-01-%02d".formatted(1 + row % 28)));
        List<List<String>> times = new ArrayList<>(days);
        times.add(List.of("3", "2024-01-01T12:00"));
        assertThat(unit(days)).isEqualTo(TargetUnit.DATE);
        assertThat(unit(times)).isEqualTo(TargetUnit.DATE_TIME);
    }

    private static TargetUnit unit(List<List<String>> rows) {
        FittedTable fitted =
                DividedTable.of(List.of("x", "target"), rows, 3).fit(options(null, ScalingMethod.STANDARD, null, null));
        return ((FittedTarget.Numbers) fitted.target()).unit();
    }

    @Test
    void dividesByGroupsAndByParts() {
        List<String> columns = List.of("x", "by", "target");
        List<List<String>> groups = rows(600, row -> List.of("" + row % 50, "g" + row % 30, "" + row % 9));
        RowDivision byGroup = new RowDivision(RowDivision.Kind.GROUP, "by");
        FitOptions options = options(null, ScalingMethod.STANDARD, byGroup, null);
        TableExamples whole = whole(columns, groups, options);
        Split split = whole.splitByContent(FIFTH, byGroup, SEED, null);
        FittedTable fitted = DividedTable.of(columns, groups, 4).fit(options);
        assertThat(fitted.validationRows()).isEqualTo(split.validation().length).isPositive();
        assertThat(fitted.features()).isEqualTo(whole.fit(split.training(), ScalingMethod.STANDARD));
        assertThat(IntStream.of(split.validation())
                                .map(row -> row % 30)
                                .distinct()
                                .count()
                        * 20)
                .isEqualTo(split.validation().length);

        List<List<String>> parts =
                rows(600, row -> List.of("" + row % 50, row % 3 == 0 ? "validation" : "train", "" + row % 9));
        RowDivision byPart = new RowDivision(RowDivision.Kind.PART, "by");
        assertThat(DividedTable.of(columns, parts, 5)
                        .fit(options(null, ScalingMethod.STANDARD, byPart, null))
                        .validationRows())
                .isEqualTo(200);
        List<List<String>> undivided = rows(60, row -> List.of("" + row % 50, "train", "" + row % 9));
        assertThatThrownBy(() ->
                        DividedTable.of(columns, undivided, 5).fit(options(null, ScalingMethod.STANDARD, byPart, null)))
                .hasMessage("column \"by\" must have rows with \"train\" and rows with \"validation\", but all that"
                        + " have a target are \"train\"");
    }

    @Test
    void keepsWhatTheModelHasLearned() {
        List<String> columns = List.of("x", "new", "target");
        List<List<String>> rows = rows(300, row -> List.of(row + ".25", "n" + row % 3, "" + row % 9));
        Preprocessing.Columns learned = new Preprocessing.Columns(
                List.of(new Feature.Numeric("x", new ColumnScaling(1, 2), new NumberRange(0, 1, 2), false)),
                "target",
                TargetUnit.NUMBER,
                new Scaling(List.of(new ColumnScaling(3, 4))),
                CellFormat.DEFAULT);
        FitOptions options = options(null, ScalingMethod.STANDARD, null, learned);
        TableExamples whole = whole(columns, rows, options);
        Split split = whole.splitByContent(FIFTH, null, SEED, learned);
        FittedTable fitted = DividedTable.of(columns, rows, 6).fit(options);
        assertThat(fitted.features()).isEqualTo(learned.features());
        assertThat(fitted.validationRows()).isEqualTo(split.validation().length).isPositive();
        assertThat(fitted.warnings())
                .anyMatch(warning -> warning.startsWith("column \"new\" is ignored because the model was not trained"));
        DividedTable without = DividedTable.of(List.of("z", "new", "target"), rows, 6);
        assertThatThrownBy(() -> without.fit(options)).hasMessageStartingWith("the model needs column \"x\"");
    }

    /** The dictionary of a column of numbers is given up once they are too many for categories. */
    @Test
    void scansManyColumnsInLittleMemory() throws IOException {
        List<String> names =
                IntStream.range(0, 100).mapToObj(column -> "x" + column).toList();
        TableScan scan = new TableScan(CellRules.DEFAULT, null, "");
        scan.begin(names);
        pass(scan, 1_000);
        assertThat(length(scan)).isBetween(500_000, 2_000_000);
        pass(scan, 1);
        assertThat(length(scan)).isLessThan(20_000);
    }

    private static void pass(TableScan scan, int rows) {
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < 100; column++) {
                scan.number(column, scan.rows() + column / 128f);
            }
            scan.endRow();
        }
    }

    private static int length(TableScan scan) throws IOException {
        return bytes(scan).length;
    }

    private static byte[] bytes(TableScan scan) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        scan.writeTo(new DataOutputStream(bytes));
        return bytes.toByteArray();
    }

    /** Also after dictionaries have been given up. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void scansNumbersAsTheirText(boolean decimalComma) throws IOException {
        CellRules rules = new CellRules(new CellFormat(List.of("-999"), decimalComma, null), InvalidCells.ERROR);
        TableScan numbers = new TableScan(rules, null, "");
        TableScan texts = new TableScan(rules, null, "");
        List<String> names = List.of("many", "few", "text", "dates", "infinite");
        numbers.begin(names);
        texts.begin(names);
        for (int row = 0; row < 2_500; row++) {
            String[] others = {"t" + row, LocalDate.EPOCH.plusDays(row).toString()};
            float[] values = {row / 8f, row % 5, row, row % 2 == 0 ? row : Float.NaN, row % 900 == 899 ? 1 / 0f : row};
            for (int column = 0; column < values.length; column++) {
                boolean hasOther = row % 2 == 1 && (column == 2 || column == 3);
                float value = row % 100 == 50 ? -999 : values[column];
                String text = hasOther ? others[column - 2] : Float.toString(value);
                if (hasOther) {
                    numbers.cell(column, CellKind.TEXT, text.toCharArray(), 0, text.length());
                } else {
                    numbers.number(column, value);
                }
                if (hasOther || !Float.isNaN(value)) {
                    CellKind kind = hasOther ? CellKind.TEXT : CellKind.NUMBER;
                    texts.cell(column, kind, text.toCharArray(), 0, text.length());
                }
            }
            numbers.endRow();
            texts.endRow();
        }
        assertThat(bytes(numbers)).isEqualTo(bytes(texts));
    }

    /** Whichever cells come first, a column of mostly dates has dates, and other numbers are missing. */
    @Test
    void infersTypesThatDoNotDependOnTheOrderOfRows() {
        List<String> columns = List.of("x", "z", "target");
        List<List<String>> rows = rows(
                41_500,
                row -> List.of(
                        row < 1_500
                                ? "" + (row + 0.5)
                                : LocalDate.of(1900, 1, 1).plusDays(row).toString(),
                        "" + row % 50,
                        row % 2 == 0 ? "a" : "b"));
        FitOptions options = options(null, ScalingMethod.ROBUST, null, null);
        TableExamples numbersFirst = whole(columns, rows, options);
        Split split = numbersFirst.splitByContent(FIFTH, null, SEED, null);
        List<Feature> features = numbersFirst.fit(split.training(), ScalingMethod.ROBUST);
        assertThat(((Feature.Numeric) features.get(0)).dates()).isTrue();
        assertThat(((Feature.Numeric) features.get(0)).indicator()).isNotNull();
        List<List<String>> reversed = new ArrayList<>(rows);
        Collections.reverse(reversed);
        TableExamples datesFirst = whole(columns, reversed, options);
        assertThat(datesFirst.fit(
                        datesFirst.splitByContent(FIFTH, null, SEED, null).training(), ScalingMethod.ROBUST))
                .isEqualTo(features);
        assertThat(DividedTable.of(columns, rows, 7).fit(options).features()).isEqualTo(features);
    }

    @Test
    void ignoresColumnsOfTooManyValuesWhicheverComeFirst() {
        List<String> columns = List.of("id", "mixed", "numbers", "x", "target");
        List<List<String>> rows = rows(
                10_500,
                row -> List.of(
                        "id" + row,
                        row < 900 ? "" + row : "m" + row % 9_000,
                        row < 1_001 ? "" + row : "m" + row % 5,
                        "" + row % 50,
                        row % 2 == 0 ? "a" : "b"));
        FitOptions options = options(null, ScalingMethod.STANDARD, null, null);
        TableExamples whole = whole(columns, rows, options);
        Split split = whole.splitByContent(FIFTH, null, SEED, null);
        List<Feature> features = whole.fit(split.training(), ScalingMethod.STANDARD);
        FittedTable fitted = DividedTable.of(columns, rows, 8).fit(options);
        assertThat(fitted.features())
                .isEqualTo(features)
                .singleElement()
                .matches(feature -> feature.name().equals("x"));
        assertThat(fitted.validationRows()).isEqualTo(split.validation().length);
        assertThat(fitted.warnings())
                .contains(
                        "column \"id\" is ignored because it has more than 10,000 different values",
                        "column \"mixed\" is ignored because it has more than 1,000 different values",
                        "column \"numbers\" is ignored because it has more than 1,000 different values");
    }

    @Test
    void sortsColumnsByNameIfTheirOrderDiffers() {
        List<List<String>> rows = rows(40, row -> List.of("" + row % 9, "" + row % 7, "" + row % 2));
        TableScan scan = scan(List.of("z", "a", "target"), rows);
        scan.merge(scan(List.of("a", "z", "target"), rows));
        TableColumns columns = scan.resolve(options(null, ScalingMethod.STANDARD, null, null));
        assertThat(columns.features()).extracting(TableColumns.Use::name).containsExactly("a", "z");
    }

    private static TableScan scan(List<String> columns, List<List<String>> rows) {
        TableScan scan = new TableScan(CellRules.DEFAULT, null, "");
        new DividedTable(columns, List.of(rows), new Random(0)).pass(0, scan);
        return scan;
    }

    @Test
    void limitsTheRowsForValidation() {
        assertThat(new ValidationShare(0.2f).of(400_000)).isEqualTo((double) 0.2f);
        assertThat(new ValidationShare(0.2f).warning(400_000)).isEmpty();
        assertThat(new ValidationShare(0.2f).of(10_000_000)).isEqualTo(0.01);
        assertThat(new ValidationShare(0.2f).warning(10_000_000))
                .contains("about 100000 of 10000000 rows are for validation, not a share of 0.2, because that many"
                        + " suffice");
    }

    @Test
    void namesTheSourceOfAWrongRow() {
        CellRules rules = CellRules.DEFAULT;
        TableScan scan = new TableScan(rules, null, "a.csv");
        scan.begin(List.of("x", "target"));
        for (String cell : List.of("1", "2", "-")) {
            scan.cell(0, RowSink.CellKind.UNTYPED, cell.toCharArray(), 0, cell.length());
            scan.cell(1, RowSink.CellKind.UNTYPED, cell.toCharArray(), 0, 1);
            scan.endRow();
        }
        FitOptions options =
                new FitOptions("target", ColumnType.NUMERIC, Map.of(), rules, null, null, null, List.of(), null, SEED);
        assertThatThrownBy(() -> scan.resolve(options))
                .hasMessageStartingWith("a.csv, row 2: column \"target\" must be a number, but is \"-\"");
    }

    @Test
    void rejectsPartsWithOtherColumns() {
        TableScan one = new TableScan(CellRules.DEFAULT, null, "a.csv");
        one.begin(List.of("x", "y"));
        TableScan two = new TableScan(CellRules.DEFAULT, null, "b.csv");
        two.begin(List.of("x", "z"));
        assertThatThrownBy(() -> one.merge(two))
                .hasMessage("all parts of a table must have the same columns, but column \"y\" is in a.csv and not in"
                        + " b.csv");
    }

    private static List<List<String>> rows(int count, IntFunction<List<String>> row) {
        return IntStream.range(0, count).mapToObj(row).toList();
    }

    private static TableExamples whole(List<String> columns, List<List<String>> rows, FitOptions options) {
        Table table = TextTable.rows(columns, rows, options.cells(), options.division());
        TableExamples examples = TableExamples.of(table, options.target(), options.columnTypes(), options.targetType());
        if (options.learned() != null) {
            examples.requireCompatible(options.learned());
        }
        return examples;
    }

    private static FitOptions options(
            @Nullable ColumnType target,
            @Nullable ScalingMethod scaling,
            @Nullable RowDivision division,
            Preprocessing.@Nullable Columns learned) {
        boolean byPart = division != null && division.kind() == RowDivision.Kind.PART;
        return new FitOptions(
                "target",
                target,
                Map.of(),
                TextTable.SKIP_INVALID,
                division,
                scaling,
                learned,
                List.of(),
                byPart ? null : FIFTH,
                SEED);
    }
}
