package io.backprop.driver;

/** How a driver writes a table of predictions. */
public enum OutputFormat {
    PARQUET,
    CSV
}
