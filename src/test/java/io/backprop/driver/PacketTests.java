package io.backprop.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.backprop.engine.EpochReport;
import io.backprop.engine.InvalidArgumentException;
import io.backprop.engine.LearningRateSchedule.Plateau;
import io.backprop.engine.Metric;
import io.backprop.engine.StopReason;
import io.backprop.engine.TrainingState;
import io.backprop.engine.Vector;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PacketTests {

    private static final int PARAMETERS = 5;
    private static final int EPOCHS = 10;

    private static final List<EpochReport> HISTORY = List.of(
            new EpochReport(1, EPOCHS, 0.5, 0.25, List.of(new Metric.Score(Metric.ACCURACY, 0.75))),
            new EpochReport(2, EPOCHS, 0.1, 0.2, List.of(new Metric.Score(Metric.ACCURACY, null))));

    private static final CheckpointPacket CHECKPOINT = new CheckpointPacket(
            new TrainingState(
                    new TrainingState.Progress(2, 3, 0.125, 0, Double.NaN, new Plateau(Double.NaN, 0, 0, 1)),
                    Vector.of(1, 2, 3, 4, 5),
                    Vector.of(0.5f, -0f),
                    Vector.of()),
            HISTORY);

    private static final TrainingResultReport REPORT = new TrainingResultReport(
            StopReason.EPOCHS, 2, 1.5, 0.75, List.of(new Metric.Score(Metric.ACCURACY, 1.0)), null);

    private static byte[] checkpoint() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        CHECKPOINT.write(out, EPOCHS);
        return out.toByteArray();
    }

    private static byte[] result(float... parameters) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new ResultPacket(REPORT, HISTORY, Vector.of(parameters)).write(out, EPOCHS);
        return out.toByteArray();
    }

    private static InputStream stream(byte[] bytes) {
        return new ByteArrayInputStream(bytes);
    }

    @Test
    void readsTheCheckpointThatWasWritten() throws IOException {
        assertThat(CheckpointPacket.read(stream(checkpoint()), PARAMETERS, EPOCHS))
                .isEqualTo(CHECKPOINT);
    }

    @Test
    void readsTheResultThatWasWritten() throws IOException {
        assertThat(ResultPacket.read(stream(result(1, 2, 3, 4, 5)), PARAMETERS, EPOCHS, size -> {}))
                .isEqualTo(new ResultPacket(REPORT, HISTORY, Vector.of(1, 2, 3, 4, 5)));
    }

    @Test
    void rejectsEveryTruncation() throws IOException {
        byte[] bytes = checkpoint();
        for (int length = 0; length < bytes.length; length++) {
            InputStream truncated = stream(Arrays.copyOf(bytes, length));
            assertThatExceptionOfType(Packet.MalformedException.class)
                    .isThrownBy(() -> CheckpointPacket.read(truncated, PARAMETERS, EPOCHS))
                    .withMessageContaining("truncated");
        }
    }

    @Test
    void rejectsEveryAlteredByte() throws IOException {
        byte[] bytes = checkpoint();
        for (int i = 0; i < bytes.length; i++) {
            byte[] altered = bytes.clone();
            altered[i] ^= 0x04;
            assertThatExceptionOfType(RuntimeException.class)
                    .as("byte %d", i)
                    .isThrownBy(() -> CheckpointPacket.read(stream(altered), PARAMETERS, EPOCHS))
                    .isInstanceOfAny(Packet.MalformedException.class, InvalidArgumentException.class);
        }
    }

    @Test
    void rejectsBytesAfterTheEnd() throws IOException {
        byte[] longer = Arrays.copyOf(checkpoint(), checkpoint().length + 1);
        assertThatExceptionOfType(Packet.MalformedException.class)
                .isThrownBy(() -> CheckpointPacket.read(stream(longer), PARAMETERS, EPOCHS))
                .withMessageContaining("bytes follow its end");
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 1, Packet.MAX_HEADER + 1, Integer.MAX_VALUE})
    void rejectsAnImpossibleLengthOfTheHeader(int length) throws IOException {
        byte[] bytes = checkpoint();
        ByteBuffer.wrap(bytes).putInt(length);
        assertThatExceptionOfType(Packet.MalformedException.class)
                .isThrownBy(() -> CheckpointPacket.read(stream(bytes), PARAMETERS, EPOCHS))
                .withMessage("the packet is malformed: its header must have 2 to %d bytes, but %d were announced"
                        .formatted(Packet.MAX_HEADER, length));
    }

    @Test
    void rejectsAHeaderWithAnUnknownField() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] json = "{\"surprise\":1}".getBytes(StandardCharsets.UTF_8);
        out.write(ByteBuffer.allocate(4).putInt(json.length).array());
        out.write(json);
        assertThatExceptionOfType(Packet.MalformedException.class)
                .isThrownBy(() -> ResultPacket.read(stream(out.toByteArray()), PARAMETERS, EPOCHS, size -> {}))
                .withMessageContaining("its header must be a");
    }

    @Test
    void rejectsAnotherNumberOfParameters() throws IOException {
        byte[] bytes = result(1, 2, 3, 4);
        assertThatExceptionOfType(InvalidArgumentException.class)
                .isThrownBy(() -> ResultPacket.read(stream(bytes), PARAMETERS, EPOCHS, size -> {}))
                .withMessage("parameters must be 5, but are 4");
    }

    @Test
    void rejectsParametersThatAreNotFinite() throws IOException {
        byte[] bytes = result(1, 2, Float.NaN, 4, 5);
        assertThatExceptionOfType(InvalidArgumentException.class)
                .isThrownBy(() -> ResultPacket.read(stream(bytes), PARAMETERS, EPOCHS, size -> {}))
                .withMessage("parameters must be finite, but 2 is NaN");
    }

    @Test
    void announcesTheMemoryThatACheckpointTakesBeforeItIsRead() throws IOException {
        byte[] bytes = checkpoint();
        InputStream withoutPayload = stream(Arrays.copyOf(bytes, bytes.length - 4 - 2 * 3 * 8 - 7 * 4));
        List<Long> memory = new ArrayList<>();
        assertThatExceptionOfType(Packet.MalformedException.class)
                .isThrownBy(() -> CheckpointPacket.read(withoutPayload, PARAMETERS, EPOCHS, memory::add));
        assertThat(memory)
                .singleElement()
                .satisfies(counted -> assertThat(counted).isGreaterThan(2 * 3 * 8 + 7 * 4));
    }

    @Test
    void rejectsMoreEpochsThanPlannedBeforeItReadsThem() throws IOException {
        byte[] bytes = result(1, 2, 3, 4, 5);
        assertThatExceptionOfType(InvalidArgumentException.class)
                .isThrownBy(() -> ResultPacket.read(stream(bytes), PARAMETERS, 1, size -> {}))
                .withMessage("planned must be 1, but was 10");
    }

    @ParameterizedTest
    @ValueSource(strings = {"clicks", "Clicks-2026.parquet", "0_a"})
    void acceptsNamesOfTables(String name) {
        assertThat(TableName.require("table", name)).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                ".hidden",
                "_temporary",
                "a/b",
                "/etc",
                "s3://bucket",
                "a\\b",
                "a b",
                "a\n",
                "ä",
                "-a"
            })
    void rejectsPathsAddressesAndHiddenNames(String name) {
        assertThatExceptionOfType(InvalidArgumentException.class)
                .isThrownBy(() -> TableName.require("table", name))
                .withMessageStartingWith("table must be the name of a folder")
                .withMessageEndingWith("but was \"" + name + "\"");
    }

    @ParameterizedTest
    @CsvSource({"-1, 0, step must be at least 0", "0, -1, bestEpoch must be at least 0", "0, 3, bestEpoch must be"})
    void rejectsACheckpointOfAnImpossiblePosition(int step, int bestEpoch, String message) {
        TrainingState state = CHECKPOINT.state();
        TrainingState.Progress position = new TrainingState.Progress(
                2, step, 0.125, bestEpoch, 0.5, state.progress().plateau());
        TrainingState impossible =
                new TrainingState(position, state.parameters(), state.optimizerState(), state.parameters());

        assertThatExceptionOfType(InvalidArgumentException.class)
                .isThrownBy(() -> new CheckpointPacket(impossible, HISTORY))
                .withMessageStartingWith(message);
    }
}
