package io.backprop.tabular;

import io.backprop.tabular.FittedTarget.ClassCount;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** The second pass over a table, see {@link TableScan}: sums and counts of the rows for training. */
public final class TableFit extends TrainingRowSink {

    private final List<ColumnFit> fits;
    private final long[] trainingClasses; // by class
    private final long[] validationClasses;
    private NumberSums targets = new NumberSums(); // unless there are classes
    private boolean hasTimes; // in targets that are dates
    private long validationRows;

    /** @param source where the rows come from, for messages; may be empty */
    public TableFit(TableColumns columns, String source) {
        super(columns, source);
        this.fits = columns.options().learned() != null
                ? List.of()
                : columns.features().stream()
                        .map(feature -> feature.fit(columns.options().scaling()))
                        .toList();
        this.trainingClasses = new long[columns.target().values().size()];
        this.validationClasses = new long[trainingClasses.length];
    }

    @Override
    void addValidation(float target) {
        validationRows++;
        if (hasClasses()) {
            validationClasses[(int) target]++;
        } else {
            hasTimes |= target != Math.rint(target);
        }
    }

    @Override
    void addTargets(float[] cells, int count) {
        for (int i = 0; i < count; i++) {
            if (hasClasses()) {
                trainingClasses[(int) cells[i]]++;
            } else {
                targets.add(cells[i]);
                hasTimes |= cells[i] != Math.rint(cells[i]);
            }
        }
    }

    @Override
    void addFeature(int column, float[] numbers, int count) {
        fits.get(column).addAll(numbers, count);
    }

    /** Adds the rows of another part, which must not be used afterwards. */
    public void merge(TableFit other) {
        flush();
        other.flush();
        for (int column = 0; column < fits.size(); column++) {
            fits.get(column).merge(other.fits.get(column));
        }
        for (int index = 0; index < trainingClasses.length; index++) {
            trainingClasses[index] += other.trainingClasses[index];
            validationClasses[index] += other.validationClasses[index];
        }
        targets.merge(other.targets);
        hasTimes |= other.hasTimes;
        validationRows += other.validationRows;
    }

    /** The third pass, before its first row. */
    public TableQuantiles quantiles() {
        flush();
        @Nullable QuantileCounts[] counts = new QuantileCounts[fits.size()];
        for (int column = 0; column < counts.length; column++) {
            counts[column] = fits.get(column).quantiles();
        }
        return new TableQuantiles(columns, "", counts);
    }

    /**
     * The result, after all rows. Called once.
     *
     * @param quantiles after all rows, if it is needed
     * @throws TableException if no column is usable, or if there is no row for training
     */
    public FittedTable result(TableQuantiles quantiles) {
        flush();
        long trainingRows = hasClasses() ? LongStream.of(trainingClasses).sum() : targets.count();
        RowSplit split = columns.split();
        if ((trainingRows == 0 || validationRows == 0) && split instanceof RowSplit.ByPart part) {
            throw TableExamples.undivided(
                    part.column(), trainingRows == 0 ? RowDivision.VALIDATION : RowDivision.TRAINING);
        }
        if (trainingRows == 0) {
            throw TableException.invalid(
                    "a table must have rows for training, but all %d that have a target are for validation",
                    validationRows);
        }
        Warnings warnings = new Warnings();
        columns.warnings().forEach(warnings::add);
        return new FittedTable(
                features(quantiles, warnings), target(), split, trainingRows, validationRows, warnings.toList());
    }

    private List<Feature> features(TableQuantiles quantiles, Warnings warnings) {
        Preprocessing.Columns learned = columns.options().learned();
        if (learned != null) {
            return learned.features();
        }
        for (int column = 0; column < fits.size(); column++) {
            fits.get(column).finish(quantiles.counts(column));
        }
        return ColumnChoice.features(fits, columns.hints(), warnings);
    }

    private FittedTarget target() {
        if (hasClasses()) {
            return new FittedTarget.Classes(classes());
        }
        return new FittedTarget.Numbers(unit(), targets.summary(), columns.likelyClasses());
    }

    private TargetUnit unit() {
        if (columns.target().content() != TableColumns.Content.DATES) {
            return TargetUnit.NUMBER;
        }
        Preprocessing.Columns learned = columns.options().learned();
        boolean learnedTimes = learned != null && learned.unit() == TargetUnit.DATE_TIME;
        return hasTimes || learnedTimes ? TargetUnit.DATE_TIME : TargetUnit.DATE;
    }

    private List<ClassCount> classes() {
        List<String> names = columns.target().values();
        Map<String, Integer> indexes = new HashMap<>();
        names.forEach(name -> indexes.put(name, indexes.size()));
        List<ClassCount> classes = new ArrayList<>();
        for (String name : ClassEncoding.sorted(names)) {
            int index = indexes.getOrDefault(name, 0);
            classes.add(new ClassCount(name, trainingClasses[index], validationClasses[index]));
        }
        return classes;
    }

    public void writeTo(DataOutput out) throws IOException {
        flush();
        for (ColumnFit fit : fits) {
            fit.writeTo(out);
        }
        for (int index = 0; index < trainingClasses.length; index++) {
            out.writeLong(trainingClasses[index]);
            out.writeLong(validationClasses[index]);
        }
        targets.writeTo(out);
        out.writeBoolean(hasTimes);
        out.writeLong(validationRows);
    }

    public static TableFit readFrom(DataInput in, TableColumns columns) throws IOException {
        TableFit fit = new TableFit(columns, "");
        for (ColumnFit column : fit.fits) {
            column.readFrom(in);
        }
        for (int index = 0; index < fit.trainingClasses.length; index++) {
            fit.trainingClasses[index] = in.readLong();
            fit.validationClasses[index] = in.readLong();
        }
        fit.targets = NumberSums.readFrom(in);
        fit.hasTimes = in.readBoolean();
        fit.validationRows = in.readLong();
        return fit;
    }
}
