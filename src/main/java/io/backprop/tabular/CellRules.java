package io.backprop.tabular;

/**
 * How the cells of a table are read.
 *
 * @param invalidCells what becomes of a cell that is no number in a column of numbers, or no date in a column of dates
 */
public record CellRules(CellFormat format, InvalidCells invalidCells) {

    public static final CellRules DEFAULT = new CellRules(CellFormat.DEFAULT, InvalidCells.ERROR);
}
