package io.backprop.driver;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

import java.util.List;

/**
 * The end of a scoring whose output is complete.
 *
 * @param rows scored
 * @param files of the output
 * @param warnings about the rows; up to {@value #MAX_WARNINGS} of {@value #MAX_LENGTH} characters, longer ones are shortened
 */
public record ScoringResultReport(long lease, long rows, int files, List<String> warnings) {

    public static final int MAX_WARNINGS = 101; // as many as a table has, and the number of others

    public static final int MAX_LENGTH = 1_000;

    public ScoringResultReport {
        requireArgument(rows >= 0, "rows must be at least 0, but was %d", rows);
        requireArgument(files >= 0, "files must be at least 0, but was %d", files);
        requireArgument(
                warnings.size() <= MAX_WARNINGS,
                "warnings must be at most %d, but are %d",
                MAX_WARNINGS,
                warnings.size());
        warnings = warnings.stream()
                .map(text -> text.length() <= MAX_LENGTH ? text : text.substring(0, MAX_LENGTH - 1) + '…')
                .toList();
    }
}
