package io.backprop.tabular;

/** What the text of a cell that is not missing can be parsed as. */
enum CellType {
    NUMBER,
    /** Also counts as a number: the days since 1970. */
    DATE,
    /** People read it as a number, but it has no unambiguous value. */
    AMBIGUOUS,
    TEXT
}
