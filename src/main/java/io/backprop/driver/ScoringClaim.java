package io.backprop.driver;

import io.backprop.tabular.CellRules;

/**
 * A table to score, which a driver has claimed.
 *
 * @param number of the scoring among those of the model
 * @param lease of the driver, which each of its reports repeats
 * @param version of the model
 * @param table whose rows are scored
 * @param output the table to write, which must not exist
 * @param cells how the cells of the table are read
 */
public record ScoringClaim(
        String model,
        int number,
        long lease,
        long version,
        String table,
        String output,
        OutputFormat format,
        CellRules cells) {}
