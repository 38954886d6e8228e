package io.backprop.tabular;

/** Where the converted cells of a table are kept while the types of its columns are being inferred. */
interface CellStorage {

    /** Keeps no cells. */
    CellStorage NONE = new CellStorage() {};

    /** Whether cells are kept, so that codes must remain valid. */
    default boolean keepsCells() {
        return false;
    }

    /** Reports memory that the table needs besides its cells, in cells. */
    default void charge(int cells) {}

    /**
     * Replaces the codes of a column by the numbers that they denote, and {@linkplain #setAside sets others aside}.
     *
     * @param numbers by code; NaN for none. Not modified.
     * @param others by code; NaN for none. Not modified.
     */
    default void decode(int column, float[] numbers, float[] others) {}

    /** Keeps a number for the current row of a column, whose cell is NaN. */
    default void setAside(int column, float number) {}

    /** Replaces the numbers of a column by those that were set aside. */
    default void exchange(int column) {}
}
