package io.backprop.tabular;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Fits the feature of a column to cells that are added in any order. Those of other parts of the table are merged.
 * Quantiles need all cells a second time.
 */
abstract sealed class ColumnFit {

    final String name;
    final @Nullable ScalingMethod scaling;

    private ColumnFit(String name, @Nullable ScalingMethod scaling) {
        this.name = name;
        this.scaling = scaling;
    }

    String name() {
        return name;
    }

    boolean isRobust() {
        return scaling == ScalingMethod.ROBUST;
    }

    /**
     * Adds cells.
     *
     * @param cells numbers or codes; NaN for a missing value. Not modified.
     */
    abstract void addAll(float[] cells, int count);

    /** Adds the cells of another part of the table. */
    abstract void merge(ColumnFit other);

    /** The counts of the second pass; null if it is not needed. */
    abstract @Nullable QuantileCounts quantiles();

    /**
     * Ends the fit, after all cells, and releases its memory.
     *
     * @param quantiles after the second pass; null if it is not needed
     */
    void finish(@Nullable QuantileCounts quantiles) {}

    /** Why the column cannot be a feature, to follow "because it"; empty if it can. */
    abstract String dropReason();

    abstract Feature feature();

    abstract void writeTo(DataOutput out) throws IOException;

    /** Reads the state of this fit, which must be empty. */
    abstract void readFrom(DataInput in) throws IOException;

    /** Finds the mean, the deviation, the range and quantiles of numbers or dates. */
    static final class Numeric extends ColumnFit {

        private final boolean dates;
        private @Nullable NumberSums sums = new NumberSums(); // null in the end, because these are large
        private @Nullable HalfCounts halves = new HalfCounts();
        private long missing;
        private @Nullable NumberSummary summary; // in the end, if there are numbers
        private double median;
        private @Nullable Quartiles quartiles; // in the end, if they are needed

        /** @param scaling null to leave numbers as they are */
        Numeric(String name, boolean dates, @Nullable ScalingMethod scaling) {
            super(name, scaling);
            this.dates = dates;
        }

        @Override
        void addAll(float[] cells, int count) {
            NumberSums numbers = sums();
            HalfCounts counts = halves();
            for (int i = 0; i < count; i++) {
                float number = cells[i];
                if (Float.isNaN(number)) {
                    missing++;
                } else {
                    numbers.add(number);
                    counts.add(QuantileCounts.upperHalf(number));
                }
            }
        }

        private NumberSums sums() {
            return Objects.requireNonNull(sums);
        }

        private HalfCounts halves() {
            return Objects.requireNonNull(halves);
        }

        @Override
        void merge(ColumnFit other) {
            Numeric part = (Numeric) other;
            sums().merge(part.sums());
            halves().merge(part.halves());
            missing += part.missing;
        }

        @Override
        @Nullable
        QuantileCounts quantiles() {
            long count = sums().count();
            return count == 0 ? null : QuantileCounts.of(halves(), count, isRobust());
        }

        @Override
        void finish(@Nullable QuantileCounts quantiles) {
            if (quantiles != null) {
                NumberSummary found = sums().summary();
                summary = found;
                median = quantiles.median();
                quartiles = isRobust() ? quantiles.quartiles(found.minimum(), found.maximum()) : null;
            }
            sums = null;
            halves = null;
        }

        @Override
        String dropReason() {
            if (summary == null) {
                return "has no values";
            }
            if (summary.variance() > 0) {
                return "";
            }
            return dates
                    ? "has the same time in every row, to within a few minutes"
                    : "has the same value in every row";
        }

        @Override
        Feature feature() {
            NumberSummary numbers = Objects.requireNonNull(summary);
            ColumnScaling standard = ColumnScaling.standard(numbers);
            return new Feature.Numeric(
                    name(),
                    standard.offset(),
                    standard.factor(),
                    new NumberRange(numbers.minimum(), (float) median, numbers.maximum()),
                    dates,
                    scale(standard),
                    isRobust() && missing > 0
                            ? ColumnScaling.robust(Quartiles.ofRepeated(new double[] {0, 1}, numbers.count(), missing))
                            : null);
        }

        private ColumnScaling scale(ColumnScaling standard) {
            if (isRobust()) {
                return ColumnScaling.robust(Objects.requireNonNull(quartiles));
            }
            return scaling == null ? ColumnScaling.NONE : standard;
        }

        @Override
        void writeTo(DataOutput out) throws IOException {
            out.writeLong(missing);
            sums().writeTo(out);
            halves().writeTo(out);
        }

        @Override
        void readFrom(DataInput in) throws IOException {
            missing = in.readLong();
            sums = NumberSums.readFrom(in);
            halves = HalfCounts.readFrom(in);
        }
    }

    /** Counts the distinct values. */
    static final class Categorical extends ColumnFit {

        private final List<String> values; // by code
        private final String refusal;
        private final long[] counts; // by code
        private long missing;

        /**
         * @param values by code
         * @param refusal why the column can't be categorical; empty if it can
         * @param scaling null to leave numbers as they are
         */
        Categorical(String name, List<String> values, String refusal, @Nullable ScalingMethod scaling) {
            super(name, scaling);
            this.values = values;
            this.refusal = refusal;
            this.counts = new long[values.size()];
        }

        @Override
        void addAll(float[] cells, int count) {
            if (!refusal.isEmpty()) {
                return;
            }
            for (int i = 0; i < count; i++) {
                if (Float.isNaN(cells[i])) {
                    missing++;
                } else {
                    counts[(int) cells[i]]++;
                }
            }
        }

        @Override
        void merge(ColumnFit other) {
            Categorical part = (Categorical) other;
            for (int code = 0; code < counts.length; code++) {
                counts[code] += part.counts[code];
            }
            missing += part.missing;
        }

        @Override
        @Nullable
        QuantileCounts quantiles() {
            return null;
        }

        private int[] codes() {
            return IntStream.range(0, counts.length)
                    .filter(code -> counts[code] > 0)
                    .toArray();
        }

        private long count() {
            return IntStream.of(codes()).mapToLong(code -> counts[code]).sum();
        }

        @Override
        String dropReason() {
            if (!refusal.isEmpty()) {
                return refusal;
            }
            int distinct = codes().length;
            if (distinct > InferredColumn.MAX_CATEGORIES) {
                return "has more than %,d different values".formatted(InferredColumn.MAX_CATEGORIES);
            }
            if (distinct == 0) {
                return "has no values";
            }
            if (distinct > 1 && count() == distinct) {
                return "has a different value in every row";
            }
            return distinct == 1 && missing == 0 ? "has the same value in every row" : "";
        }

        @Override
        Feature feature() {
            int[] sorted = IntStream.of(codes())
                    .boxed()
                    .sorted(Comparator.<Integer>comparingLong(code -> -counts[code])
                            .thenComparing(values::get))
                    .mapToInt(Integer::intValue)
                    .toArray();
            List<String> categories = IntStream.of(sorted).mapToObj(values::get).toList();
            return isRobust()
                    ? new Feature.Categorical(name(), categories, false, scales(sorted))
                    : new Feature.Categorical(name(), categories, missing > 0);
        }

        private List<ColumnScaling> scales(int[] categories) {
            long count = count();
            return categories.length == 2
                    ? List.of(ColumnScaling.robust(Quartiles.ofRepeated(
                            new double[] {-1, 0, 1}, counts[categories[0]], missing, counts[categories[1]])))
                    : IntStream.of(categories)
                            .mapToObj(code -> ColumnScaling.robust(Quartiles.ofRepeated(
                                    new double[] {0, 1}, count + missing - counts[code], counts[code])))
                            .toList();
        }

        @Override
        void writeTo(DataOutput out) throws IOException {
            out.writeLong(missing);
            for (long count : counts) {
                out.writeLong(count);
            }
        }

        @Override
        void readFrom(DataInput in) throws IOException {
            missing = in.readLong();
            for (int code = 0; code < counts.length; code++) {
                counts[code] = in.readLong();
            }
        }
    }
}
