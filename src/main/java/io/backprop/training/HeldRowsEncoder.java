package io.backprop.training;

import io.backprop.engine.Examples;
import io.backprop.engine.Matrix;
import io.backprop.model.Architecture;
import io.backprop.model.ExampleEncoder;
import io.backprop.model.InvalidInputException;
import io.backprop.tabular.CellRules;
import io.backprop.tabular.Preprocessing.Columns;
import io.backprop.tabular.RowEncoder;
import io.backprop.tabular.RowEncoder.ExpectedColumns;
import io.backprop.tabular.TableException;
import io.backprop.tabular.Warnings;
import io.backprop.training.TrainingCommand.HeldRows;
import java.util.List;
import java.util.Objects;

/** Encodes the rows of a table that were sent for validation, as rows to evaluate are encoded. */
final class HeldRowsEncoder {

    private static final String FIELD = "validationRows";

    private final Architecture architecture;
    private final CellRules rules;
    private final Warnings warnings = new Warnings();
    private final float[] inputs;
    private final float[] targets;
    private int rows; // that have a target

    private HeldRowsEncoder(Architecture architecture, HeldRows held, CellRules rules) {
        this.rules = rules;
        this.architecture = architecture;
        this.inputs = new float[Matrix.elementCount(held.count(), inputWidth(architecture))];
        this.targets = new float[Matrix.elementCount(held.count(), outputWidth(architecture))];
    }

    private static int inputWidth(Architecture architecture) {
        return Objects.requireNonNull(architecture.inputs());
    }

    private static int outputWidth(Architecture architecture) {
        return Objects.requireNonNull(architecture.outputs());
    }

    /**
     * Encodes the rows that have a target.
     *
     * @param architecture fitted to the training rows
     * @param rules that the training rows were read with
     * @param warnings receives what was done to the rows that the client may not expect
     */
    static Examples encode(Architecture architecture, HeldRows held, CellRules rules, List<String> warnings) {
        HeldRowsEncoder encoder = new HeldRowsEncoder(architecture, held, rules);
        encoder.read(held);
        encoder.warnings.toList().forEach(warning -> warnings.add(FIELD + ": " + warning));
        return encoder.examples();
    }

    private void read(HeldRows held) {
        Columns columns = (Columns) architecture.preprocessing();
        List<String> classes = architecture.classes() == null
                ? List.of()
                : architecture.classes().names();
        ExpectedColumns expected = new ExpectedColumns(
                columns.features(), columns.target(), columns.unit().isDate(), classes);
        RowEncoder encoder = new RowEncoder(expected, rules, warnings, this::add);
        try {
            held.rows().accept(encoder);
            encoder.finish();
        } catch (TableException e) {
            throw new InvalidInputException(FIELD, FIELD + ": " + e.getMessage());
        }
    }

    private void add(RowEncoder.Batch batch) {
        Matrix encoded =
                new ExampleEncoder(architecture, FIELD, FIELD).encodeTargets(Objects.requireNonNull(batch.targets()));
        Matrix scaled = architecture.preprocessing().targets().apply(encoded);
        copy(batch.inputs(), inputs);
        copy(scaled, targets);
        rows += scaled.rows();
    }

    private void copy(Matrix batch, float[] to) {
        for (int row = 0, i = rows * batch.columns(); row < batch.rows(); row++) {
            for (int column = 0; column < batch.columns(); column++, i++) {
                to[i] = batch.get(row, column);
            }
        }
    }

    private Examples examples() {
        return Examples.of(
                Matrix.wrapPrefix(rows, inputWidth(architecture), inputs),
                Matrix.wrapPrefix(rows, outputWidth(architecture), targets));
    }
}
