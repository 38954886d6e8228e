package io.backprop.tabular;

import io.backprop.engine.Examples;
import io.backprop.engine.Matrix;
import io.backprop.engine.Vector;
import io.backprop.tabular.RowEncoder.ExpectedColumns;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/** Encodes the rows of a table as examples of a training, in batches. Rows without a target are skipped. */
public final class ExampleRows implements RowSink {

    private final RowEncoding encoding;
    private final Consumer<Batch> consumer;
    private final RowEncoder encoder;

    /**
     * Consecutive rows.
     *
     * @param examples scaled, with weights if there are class weights; the weights of rows for validation are 1
     * @param validation the rows for validation
     */
    public record Batch(Examples examples, BitSet validation) {}

    /**
     * @param source where the rows come from, for messages such as "part-7.csv, line 5"; may be empty
     * @param warnings receives the numbers of unknown categories and of invalid cells
     * @param consumer called for each full batch, and for the last one
     */
    public ExampleRows(RowEncoding encoding, String source, Warnings warnings, Consumer<Batch> consumer) {
        this.encoding = encoding;
        this.consumer = consumer;
        Preprocessing.Columns columns = encoding.columns();
        ExpectedColumns expected = new ExpectedColumns(
                columns.features(), columns.target(), columns.unit().isDate(), encoding.classes());
        this.encoder = new RowEncoder(expected, encoding.cells(), encoding.split(), source, warnings, this::encode);
    }

    @Override
    public void begin(List<String> columns) {
        encoder.begin(columns);
    }

    @Override
    public void beginRow(long line, long bytesBefore) {
        encoder.beginRow(line, bytesBefore);
    }

    @Override
    public void cell(int column, CellKind kind, char[] text, int offset, int length) {
        encoder.cell(column, kind, text, offset, length);
    }

    @Override
    public void number(int column, float number) {
        encoder.number(column, number);
    }

    @Override
    public void endRow() {
        encoder.endRow();
    }

    /** Encodes the remaining rows. Must be called once, after all rows; there may be none. */
    public void finish() {
        encoder.flush();
    }

    private void encode(RowEncoder.Batch batch) {
        Targets targets = Objects.requireNonNull(batch.targets());
        Examples examples;
        if (targets instanceof Targets.Labels labels) {
            ClassEncoding classes = new ClassEncoding(encoding.classes());
            examples = Examples.of(batch.inputs(), classes.encode(labels.names(), encoding.outputs()));
            if (!encoding.classWeights().isEmpty()) {
                examples = examples.withWeights(weights(classes.classesOf(labels.names()), batch.validation()));
            }
        } else {
            Matrix numbers = ((Targets.Numbers) targets).values();
            examples = Examples.of(batch.inputs(), encoding.columns().targets().apply(numbers));
        }
        consumer.accept(new Batch(examples, batch.validation()));
    }

    private Vector weights(int[] classes, BitSet validation) {
        float[] weights = new float[classes.length];
        Arrays.fill(weights, 1);
        for (int row = validation.nextClearBit(0); row < classes.length; row = validation.nextClearBit(row + 1)) {
            weights[row] = encoding.classWeights().get(classes[row]);
        }
        return Vector.wrap(weights);
    }
}
