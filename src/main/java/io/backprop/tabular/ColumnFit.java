package io.backprop.tabular;

/** Learns from rows what becomes of a column. */
abstract class ColumnFit {

    final Table table;
    final int index;
    final FoundColumn column;

    ColumnFit(Table table, int index) {
        this.table = table;
        this.index = index;
        this.column = table.column(index);
    }

    abstract void look(FeatureFinder.Block block);

    /** Called for all rows once more, in the same order. */
    void lookAgain(FeatureFinder.Block block) {}

    /** What of the column makes it worth nothing, to follow "as it"; empty if it is worth something. */
    abstract String whyUseless();

    abstract Feature feature();
}
