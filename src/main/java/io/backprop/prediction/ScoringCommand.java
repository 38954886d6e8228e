package io.backprop.prediction;

import io.backprop.driver.OutputFormat;
import io.backprop.driver.TableName;
import io.backprop.engine.InvalidArgumentException;
import io.backprop.model.InvalidInputException;
import io.backprop.tabular.CellRules;

/**
 * What to score.
 *
 * @param table a {@link TableName}
 * @param output name of the table to write, another one
 * @param cells how the cells of the table are read
 */
public record ScoringCommand(String table, String output, OutputFormat format, CellRules cells) {

    public ScoringCommand {
        requireName("table", table);
        requireName("output", output);
        InvalidInputException.require(
                "output",
                !output.equalsIgnoreCase(table), // the same folder on some file systems
                "output must differ from the table \"%s\", which stays unchanged".formatted(table));
    }

    private static void requireName(String field, String name) {
        try {
            TableName.require(field, name);
        } catch (InvalidArgumentException e) {
            throw new InvalidInputException(field, e);
        }
    }
}
