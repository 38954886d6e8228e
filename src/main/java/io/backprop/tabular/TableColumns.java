package io.backprop.tabular;

import io.backprop.tabular.ColumnChoice.Candidate;
import io.backprop.tabular.RowSplit.HashedColumn;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How each column of a scanned table is used. */
public final class TableColumns {

    /** What the cells of a column are converted to. */
    enum Content {
        NUMBERS,
        DATES,
        /** Codes of all values. */
        CATEGORIES,
        /** Codes of all classes. */
        CLASSES
    }

    /**
     * A column whose cells are used.
     *
     * @param values by code; empty for numbers and dates
     * @param refusal why the column can't be a feature; empty if it may be one
     */
    record Use(String name, Content content, List<String> values, String refusal) {

        static Use of(Candidate candidate) {
            Content content = Content.CATEGORIES;
            if (candidate.numeric()) {
                content = candidate.dates() ? Content.DATES : Content.NUMBERS;
            }
            boolean refused = !candidate.refusal().isEmpty();
            return new Use(candidate.name(), content, refused ? List.of() : candidate.values(), candidate.refusal());
        }

        /** The numbers or dates of a feature that the model has learned before. */
        static Use of(Feature.Numeric feature) {
            return new Use(feature.name(), feature.dates() ? Content.DATES : Content.NUMBERS, List.of(), "");
        }

        static Use ofTarget(ColumnChoice choice) {
            List<String> classes = choice.classes();
            if (classes != null) {
                List<String> distinct = classes.stream().distinct().toList();
                return new Use(choice.targetName(), Content.CLASSES, distinct, "");
            }
            boolean dates = choice.target().type() == InferredColumn.Type.DATES;
            return new Use(choice.targetName(), dates ? Content.DATES : Content.NUMBERS, List.of(), "");
        }

        ColumnFit fit(@Nullable ScalingMethod scaling) {
            return content == Content.CATEGORIES
                    ? new ColumnFit.Categorical(name, values, refusal, scaling)
                    : new ColumnFit.Numeric(name, content == Content.DATES, scaling);
        }

        private void writeTo(DataOutput out) throws IOException {
            out.writeUTF(name);
            out.writeUTF(content.name());
            write(values, out);
            out.writeUTF(refusal);
        }

        private static Use readFrom(DataInput in) throws IOException {
            return new Use(in.readUTF(), Content.valueOf(in.readUTF()), readStrings(in), in.readUTF());
        }
    }

    private final FitOptions options;
    private final List<Use> features; // that may be fitted, or the numbers that the model has learned before
    private final Use target;
    private final @Nullable RowSplit split;
    private final int likelyClasses; // of a numeric target
    private final List<String> hints;
    private final List<String> warnings;

    private TableColumns(
            FitOptions options,
            List<Use> features,
            Use target,
            @Nullable RowSplit split,
            int likelyClasses,
            List<String> hints,
            List<String> warnings) {
        this.options = options;
        this.features = features;
        this.target = target;
        this.split = split;
        this.likelyClasses = likelyClasses;
        this.hints = hints;
        this.warnings = warnings;
    }

    /**
     * @param rows number of rows of the table
     * @throws TableException if the table does not fit the options
     */
    static TableColumns of(FitOptions options, Header header, Column[] columns, long rows) {
        Warnings warnings = new Warnings();
        ColumnChoice choice = new ColumnChoice(
                header, columns, options.target(), options.columnTypes(), options.targetType(), warnings);
        long withTarget = choice.rowsWithTarget();
        warnings.addRowsWithoutTarget(rows - withTarget, options.target());
        Preprocessing.Columns learned = options.learned();
        if (learned != null) {
            choice.requireCompatible(learned);
        } else {
            choice.warnOfUnusedFormat(options.cells().format());
        }
        choice.requireClasses(options.classes());
        List<Use> features;
        if (learned == null) {
            features = choice.candidates().stream().map(Use::of).toList();
        } else {
            learned.features().forEach(choice::require);
            features = learned.features().stream()
                    .filter(Feature.Numeric.class::isInstance)
                    .map(feature -> Use.of((Feature.Numeric) feature))
                    .toList();
        }
        RowSplit split = choice.split(options.division(), options.validation(), options.seed(), withTarget, learned);
        ValidationShare validation = options.validation();
        if (validation != null) {
            validation.warning(withTarget).ifPresent(warnings::add);
        }
        return new TableColumns(
                options,
                features,
                Use.ofTarget(choice),
                split,
                choice.likelyClasses(),
                List.copyOf(choice.hints()),
                warnings.toList());
    }

    FitOptions options() {
        return options;
    }

    List<Use> features() {
        return features;
    }

    Use target() {
        return target;
    }

    @Nullable
    RowSplit split() {
        return split;
    }

    int likelyClasses() {
        return likelyClasses;
    }

    List<String> hints() {
        return hints;
    }

    List<String> warnings() {
        return warnings;
    }

    public void writeTo(DataOutput out) throws IOException {
        out.writeInt(features.size());
        for (Use feature : features) {
            feature.writeTo(out);
        }
        target.writeTo(out);
        write(split, out);
        out.writeInt(likelyClasses);
        write(hints, out);
        write(warnings, out);
    }

    /**
     * Reads what {@link #writeTo} has written.
     *
     * @param options those that the columns were resolved with
     */
    public static TableColumns readFrom(DataInput in, FitOptions options) throws IOException {
        int count = in.readInt();
        List<Use> features = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            features.add(Use.readFrom(in));
        }
        Use target = Use.readFrom(in);
        RowSplit split = readSplit(in);
        return new TableColumns(options, features, target, split, in.readInt(), readStrings(in), readStrings(in));
    }

    private static void write(@Nullable RowSplit split, DataOutput out) throws IOException {
        out.writeByte(split == null ? 0 : split instanceof RowSplit.ByPart ? 1 : 2);
        if (split instanceof RowSplit.ByPart byPart) {
            out.writeUTF(byPart.column());
        } else if (split instanceof RowSplit.ByContent byContent) {
            out.writeInt(byContent.columns().size());
            for (HashedColumn column : byContent.columns()) {
                out.writeUTF(column.name());
                out.writeUTF(column.content().name());
            }
            out.writeDouble(byContent.share());
            out.writeLong(byContent.seed());
        }
    }

    private static @Nullable RowSplit readSplit(DataInput in) throws IOException {
        int kind = in.readByte();
        if (kind == 0) {
            return null;
        }
        if (kind == 1) {
            return new RowSplit.ByPart(in.readUTF());
        }
        int count = in.readInt();
        List<HashedColumn> columns = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            columns.add(new HashedColumn(in.readUTF(), RowSplit.Content.valueOf(in.readUTF())));
        }
        return new RowSplit.ByContent(columns, in.readDouble(), in.readLong());
    }

    private static void write(List<String> strings, DataOutput out) throws IOException {
        out.writeInt(strings.size());
        for (String string : strings) {
            out.writeUTF(string);
        }
    }

    private static List<String> readStrings(DataInput in) throws IOException {
        int count = in.readInt();
        List<String> strings = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            strings.add(in.readUTF());
        }
        return strings;
    }
}
