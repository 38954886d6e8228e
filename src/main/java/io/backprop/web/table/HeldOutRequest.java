package io.backprop.web.table;

import static io.backprop.web.table.RowsRequest.require;

import io.backprop.engine.Matrix;
import io.backprop.tabular.Targets;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A request with examples, some of which may be held out for validation: a share, others of their own, or by a column. */
public interface HeldOutRequest extends ExamplesRequest {

    @Nullable
    Float validationSplit();

    @Nullable
    Matrix validationInputs();

    @Nullable
    Targets validationTargets();

    @Nullable
    PackedRows validationRows();

    /** Whether a share of the examples is held out. */
    default boolean holdsOutShare() {
        Float share = validationSplit();
        return share != null && share > 0;
    }

    /** Checks that examples are held out in one way at most, and in one that fits their form. */
    default void requireFittingValidation() {
        List<String> given = Stream.of(
                        holdsOutShare() ? "validationSplit" : "",
                        validationInputs() != null || validationTargets() != null ? "validationInputs" : "",
                        validationRows() != null ? "validationRows" : "",
                        splitColumn() != null ? "splitColumn" : "")
                .filter(name -> !name.isEmpty())
                .toList();
        if (given.size() > 1) {
            require(given.get(0), false, "%s and %s exclude each other".formatted(given.get(0), given.get(1)));
        }
        require(
                "groupColumn",
                groupColumn() == null || given.isEmpty() || holdsOutShare(),
                "groupColumn and %s exclude each other".formatted(given.isEmpty() ? "" : given.get(0)));
        String missing = validationInputs() == null ? "validationInputs" : "validationTargets";
        require(
                missing,
                (validationInputs() == null) == (validationTargets() == null),
                missing + " must be given too, since validation takes both inputs and targets");
        require(
                "validationInputs",
                !hasTable() || validationInputs() == null,
                "validationInputs go with inputs; with rows of a table, take validationSplit, validationRows or"
                        + " splitColumn");
        require(
                "validationRows",
                rows() != null || validationRows() == null,
                "validationRows go with rows of a table; with %s"
                        .formatted(
                                hasTable()
                                        ? "table, take validationSplit or splitColumn"
                                        : "inputs, take validationInputs and validationTargets"));
    }
}
