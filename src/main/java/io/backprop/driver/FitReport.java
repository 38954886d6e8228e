package io.backprop.driver;

import io.backprop.tabular.FittedTable;

/** What a driver has found in the table of a training. */
public record FitReport(long lease, FittedTable fit) {

    /** Limits the warnings. */
    public FitReport {
        fit = fit.withWarnings(ReportedText.limit(fit.warnings()));
    }
}
