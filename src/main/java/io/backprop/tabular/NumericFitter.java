package io.backprop.tabular;

/** Mean and deviation of numbers or dates; sums in double and in the order of the rows, so that they are reproducible. */
final class NumericFitter extends ColumnFitter {

    private long count;
    private double sum;
    private double squares;
    private float smallest = Float.POSITIVE_INFINITY;
    private float largest = Float.NEGATIVE_INFINITY;

    NumericFitter(Table table, int index) {
        super(table, index);
    }

    @Override
    void firstPass(FeatureFitter.Block block) {
        for (int i = block.from(); i < block.to(); i++) {
            float value = column.value(table.cell(block.rows()[i], index));
            if (!Float.isNaN(value)) {
                count++;
                sum += value;
                smallest = Math.min(smallest, value);
                largest = Math.max(largest, value);
            }
        }
    }

    @Override
    void secondPass(FeatureFitter.Block block) {
        double mean = mean();
        for (int i = block.from(); i < block.to(); i++) {
            float value = column.value(table.cell(block.rows()[i], index));
            if (!Float.isNaN(value)) {
                squares += (value - mean) * (value - mean);
            }
        }
    }

    private double mean() {
        return sum / count;
    }

    @Override
    String dropReason() {
        if (count == 0) {
            return "has no values";
        }
        if (smallest < largest) {
            return "";
        }
        return column.isDates()
                ? "has the same time in every row, where some minutes make no difference"
                : "has the same value in every row";
    }

    @Override
    Feature feature() {
        return new Feature.Numeric(column.name(), new Scale(mean(), Math.sqrt(squares / count)), column.isDates());
    }
}
