package io.backprop.tabular;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backprop.engine.Split;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RowDivisionTests {

    private static final RowDivision GROUPS = new RowDivision(RowDivision.Kind.GROUP, "group");
    private static final RowDivision PARTS = new RowDivision(RowDivision.Kind.PART, "part");

    private static TableExamples examples(RowDivision division, String... lines) {
        return TableExamples.of(TextTable.csv(division, lines), "y", Map.of(), null);
    }

    @Test
    void columnIsNoFeature() {
        TableExamples examples = examples(PARTS, "x,part,y", "1,train,10", "2,validation,20", "3, train ,30");

        assertThat(examples.fit(new int[] {0, 2}, ScalingMethod.STANDARD))
                .extracting(Feature::name)
                .containsExactly("x");
        assertThat(examples.encode(examples.fit(new int[] {0, 2}, ScalingMethod.STANDARD), new int[] {0})
                        .columns())
                .isEqualTo(1);
    }

    @Test
    void dividesRowsThatHaveATarget() {
        Split split = examples(
                        PARTS, "x,part,y", "1,train,10", "2,train,", "3,validation,20", "4,train,30", "5,validation,40")
                .split("part");

        assertThat(split.training()).containsExactly(0, 2);
        assertThat(split.validation()).containsExactly(1, 3);
    }

    @Test
    void comparesGroupsAsText() {
        TableExamples examples = examples(
                GROUPS,
                "group,x,y",
                "9007199254740993,1,1",
                "9007199254740992,2,2",
                " 9007199254740993,3,3",
                "1,4,4",
                "1.0,5,5");

        assertThat(examples.groups("group")).containsExactly(0, 1, 0, 2, 3);
    }

    @Test
    void groupsMayBeAsManyAsRows() {
        int rows = 30_000;
        String[] lines = IntStream.rangeClosed(0, rows)
                .mapToObj(row -> row == 0 ? "group,x,y" : "customer %d,%d,%d".formatted(row, row % 7, row % 5))
                .toArray(String[]::new);

        assertThat(examples(GROUPS, lines).groups("group"))
                .containsExactly(IntStream.range(0, rows).toArray());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        test  | line 3: column "part" must be "train" or "validation", but is "test"
        Train | line 3: column "part" must be "train" or "validation", but is "Train"
        NA    | line 3: column "part" must be "train" or "validation", but is missing
        ``    | line 3: column "part" must be "train" or "validation", but is missing
        """)
    void rejectsUnknownPart(String part, String message) {
        assertThatThrownBy(() -> examples(PARTS, "x,part,y", "1,train,10", "2," + part + ",20"))
                .isInstanceOf(TableException.class)
                .hasMessage(message);
    }

    @Test
    void rejectsMissingGroup() {
        assertThatThrownBy(() -> examples(GROUPS, "x,group,y", "1,a,10", "2,,20"))
                .hasMessage("line 3: column \"group\" must name a group in each row, but is missing");
        assertThatThrownBy(() -> examples(GROUPS, "x,group,y", "1," + "a".repeat(257) + ",10"))
                .hasMessage("line 2: column \"group\" must name groups in at most 256 characters, but has more");
    }

    @Test
    void rejectsOneSidedDivision() {
        assertThatThrownBy(() -> examples(PARTS, "x,part,y", "1,train,10", "2,train,20", "3,validation,")
                        .split("part"))
                .hasMessage(
                        "column \"part\" must have rows with \"train\" and rows with \"validation\", but all that have"
                                + " a target are \"train\"");
    }

    @Test
    void rejectsUnknownColumn() {
        assertThatThrownBy(() -> examples(GROUPS, "x,grup,y", "1,a,10"))
                .hasMessage("the rows are divided by column \"group\", but the table has only \"x\", \"grup\", \"y\"");
    }

    @Test
    void rejectsTargetAndLearnedFeature() {
        RowDivision target = new RowDivision(RowDivision.Kind.GROUP, "y");
        assertThatThrownBy(() -> examples(target, "x,y", "1,10"))
                .hasMessage("column \"y\" is the target and can't divide the rows");

        TableExamples examples = examples(GROUPS, "x,group,y", "1,a,10", "2,b,20");
        Feature learned = new Feature.Numeric("group", new ColumnScaling(0, 1), new NumberRange(1, 2, 4), false);
        assertThatThrownBy(() -> examples.encode(List.of(learned), new int[] {0}))
                .hasMessage(
                        "column \"group\" can't divide the rows, because the model was trained with it as a feature;"
                                + " to divide by it, train from scratch");
    }

    @Test
    void countsTheMemoryOfGroups() {
        AtomicLong allocated = new AtomicLong();
        TableBuilder builder = new TableBuilder(1_000, 0, CellRules.DEFAULT, allocated::addAndGet, GROUPS);
        builder.begin(List.of("group"));
        char[] text = "name".toCharArray();

        builder.cell(0, RowSink.CellKind.UNTYPED, text, 0, text.length);
        assertThat(allocated).hasValue((4 + 8 + 4) * Float.BYTES);
        builder.cell(0, RowSink.CellKind.UNTYPED, text, 0, text.length);
        assertThat(allocated).hasValue((4 + 8 + 4 + 4) * Float.BYTES);
        assertThatThrownBy(() -> IntStream.range(0, 100).forEach(row -> {
                    char[] other = ("name" + row).toCharArray();
                    builder.cell(0, RowSink.CellKind.UNTYPED, other, 0, other.length);
                }))
                .hasMessage("a table may have at most 1000 cells, but this one has more");
    }
}
