package io.backprop.driver;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

import java.util.List;

/**
 * The end of a scoring whose output is complete.
 *
 * @param rows scored
 * @param files of the output
 * @param warnings about the rows, of which too long or too many ones are shortened
 */
public record ScoringResultReport(long lease, long rows, int files, List<String> warnings) {

    public static final int MAX_WARNINGS = ReportedText.MAX_WARNINGS;

    public ScoringResultReport {
        requireArgument(rows >= 0, "rows must be at least 0, but was %d", rows);
        requireArgument(files >= 0, "files must be at least 0, but was %d", files);
        warnings = ReportedText.limit(warnings);
    }
}
