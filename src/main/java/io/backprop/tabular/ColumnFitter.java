package io.backprop.tabular;

/** Learns from rows what becomes of a column. */
abstract class ColumnFitter {

    final Table table;
    final int index;
    final InferredColumn column;

    ColumnFitter(Table table, int index) {
        this.table = table;
        this.index = index;
        this.column = table.column(index);
    }

    abstract void firstPass(FeatureFitter.Block block);

    /** Called for all rows once more, in the same order. */
    void secondPass(FeatureFitter.Block block) {}

    /** What of the column makes it worth nothing, to follow "as it"; empty if it is worth something. */
    abstract String dropReason();

    abstract Feature feature();
}
