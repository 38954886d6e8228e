package io.backprop.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.backprop.engine.Activation;
import io.backprop.engine.Ensemble;
import io.backprop.engine.InvalidArgumentException;
import io.backprop.engine.LayerSpec;
import io.backprop.engine.Loss;
import io.backprop.engine.Matrix;
import io.backprop.engine.Network;
import io.backprop.engine.NetworkSpec;
import io.backprop.tabular.CellFormat;
import io.backprop.tabular.CellRules;
import io.backprop.tabular.ClassEncoding;
import io.backprop.tabular.ColumnScaling;
import io.backprop.tabular.Feature;
import io.backprop.tabular.NumberRange;
import io.backprop.tabular.Preprocessing;
import io.backprop.tabular.RowEncoder;
import io.backprop.tabular.Scaling;
import io.backprop.tabular.TableScorer;
import io.backprop.tabular.TargetUnit;
import io.backprop.tabular.Warnings;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScorerPacketTests {

    private static final Preprocessing.Columns COLUMNS = new Preprocessing.Columns(
            List.of(
                    new Feature.Numeric("x", new ColumnScaling(1, 2), new NumberRange(0, 1, 2), false),
                    new Feature.Numeric("z", new ColumnScaling(0, 1), new NumberRange(0, 1, 2), false)),
            "y",
            TargetUnit.NUMBER,
            Scaling.NONE,
            new CellFormat(List.of("?"), true, null));

    private static final NetworkSpec SPEC = new NetworkSpec(
            2,
            List.of(new LayerSpec(3, Activation.TANH), new LayerSpec(1, Activation.SIGMOID)),
            new Loss.BinaryCrossentropy(0));

    private static final TableScorer SCORER = new TableScorer(
            COLUMNS,
            new ClassEncoding(List.of("no", "yes")),
            Ensemble.of(List.of(Network.initialize(SPEC, 1), Network.initialize(SPEC, 2)))
                    .withTemperature(1.5),
            null);

    private static byte[] write() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        long[] announced = new long[1];
        ScorerPacket.write(SCORER, length -> {
            announced[0] = length;
            return out;
        });
        assertThat(out.size()).isEqualTo(announced[0]);
        return out.toByteArray();
    }

    private static TableScorer read(byte[] bytes) throws IOException {
        return ScorerPacket.read(new ByteArrayInputStream(bytes));
    }

    /** The rows with their predictions, as CSV. */
    private static String score(TableScorer scorer) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        CsvPredictionWriter writer = new CsvPredictionWriter(scorer, false, out, bytes -> {});
        RowEncoder encoder = new RowEncoder(
                scorer.expectedColumns(false),
                CellRules.DEFAULT,
                new Warnings(),
                batch -> writer.endBatch().accept(scorer.predict(batch.inputs())));
        var rows = writer.tap(encoder);
        rows.begin(List.of("z", "x"));
        for (int row = 0; row < 3; row++) {
            rows.number(0, row);
            rows.number(1, 0.5f - row);
            rows.endRow();
        }
        encoder.finish();
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void scorerThatWasReadPredictsTheSame() throws IOException {
        TableScorer scorer = read(write());

        assertThat(scorer.columns()).isEqualTo(COLUMNS);
        assertThat(score(scorer))
                .isEqualTo(score(SCORER))
                .startsWith("z,x,prediction,probability_no,probability_yes\n0.0,0.5,");
    }

    @Test
    void rejectsEveryTruncation() throws IOException {
        byte[] bytes = write();
        for (int length = 0; length < bytes.length; length++) {
            byte[] truncated = Arrays.copyOf(bytes, length);
            assertThatExceptionOfType(Packet.MalformedException.class).isThrownBy(() -> read(truncated));
        }
    }

    @Test
    void rejectsPayloadOfAnotherLength() throws IOException {
        byte[] bytes = write();
        int header = ByteBuffer.wrap(bytes).getInt();
        ByteBuffer.wrap(bytes).putLong(Integer.BYTES + header, 1L << 40);

        assertThatExceptionOfType(InvalidArgumentException.class)
                .isThrownBy(() -> read(bytes))
                .withMessageContaining("but has " + (1L << 40));
    }

    @Test
    void rejectsNetworksForOtherColumns() {
        NetworkSpec wide =
                new NetworkSpec(3, List.of(new LayerSpec(1, Activation.LINEAR)), new Loss.MeanSquaredError());

        assertThatExceptionOfType(InvalidArgumentException.class)
                .isThrownBy(() -> new TableScorer(COLUMNS, null, Ensemble.of(Network.initialize(wide, 1)), null))
                .withMessage("ensemble must have 2 inputs, one for each number of a row, but has 3");
    }

    @Test
    void rejectsNetworksForOtherClasses() {
        assertThatExceptionOfType(InvalidArgumentException.class)
                .isThrownBy(() ->
                        new TableScorer(COLUMNS, new ClassEncoding(List.of("a", "b", "c")), SCORER.ensemble(), null))
                .withMessage("ensemble must have outputs for 3 classes, but has 1");
    }

    @Test
    void singleOutputGivesTwoProbabilities() {
        Matrix probabilities = SCORER.probabilities(Matrix.of(new float[] {0.25f}));

        assertThat(probabilities.row(0)).containsExactly(0.75f, 0.25f);
        assertThat(SCORER.labels(Matrix.of(new float[] {0.25f}))).containsExactly("no");
    }
}
