package io.backprop.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backprop.engine.Examples;
import io.backprop.engine.Matrix;
import io.backprop.engine.Metric;
import io.backprop.engine.SplitMix64;
import io.backprop.engine.TrainingData;
import io.backprop.training.Checkpoint;
import io.backprop.training.History;
import io.backprop.training.LearningCurves;
import io.backprop.training.ValidationScores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The golden files were written once, and are never written again: users have such files. */
class TrainingFormatsTests {

    private static final Path GOLDEN = Path.of("src/test/resources/golden");

    static Stream<Arguments> formats() {
        Consumer<byte[]> examples = TrainingFormatsTests::readExamples;
        Consumer<byte[]> checkpoint = TrainingFormatsTests::readCheckpoint;
        Consumer<byte[]> history = HistoryFormat::readHistory;
        return Stream.of(
                Arguments.of("examples-2.bin", writeExamples(StoredTrainings.data()), examples),
                Arguments.of("checkpoint-3.bin", writeCheckpoint(StoredTrainings.checkpoint(3, 4)), checkpoint),
                Arguments.of("losses-2.bin", HistoryFormat.write(StoredTrainings.history(5)), history));
    }

    private static byte[] writeExamples(TrainingData data) {
        return onlyOne(writeParts(data));
    }

    private static byte[] writeCheckpoint(Checkpoint checkpoint) {
        return onlyOne(writeParts(checkpoint));
    }

    private static byte[] onlyOne(List<byte[]> parts) {
        assertThat(parts).hasSize(1);
        return parts.get(0);
    }

    private static List<byte[]> writeParts(TrainingData data) {
        List<byte[]> parts = new ArrayList<>();
        TrainingDataFormat.write(data, parts::add);
        return parts;
    }

    private static List<byte[]> writeParts(Checkpoint checkpoint) {
        List<byte[]> parts = new ArrayList<>();
        CheckpointFormat.write(checkpoint, parts::add);
        return parts;
    }

    private static TrainingData readExamples(byte[]... parts) {
        return TrainingDataFormat.read(inPlaces(parts));
    }

    private static Checkpoint readCheckpoint(byte[]... parts) {
        return CheckpointFormat.read(inPlaces(parts)).orElseThrow();
    }

    private static IntFunction<Optional<byte[]>> inPlaces(byte[]... parts) {
        return place -> place < parts.length ? Optional.of(parts[place]) : Optional.empty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void goldenExamplesAreStillRead(int format) throws Exception {
        StoredTrainings.assertSame(readExamples(golden("examples-%d.bin".formatted(format))), StoredTrainings.data());
    }

    @Test
    void goldenFilesAreStillRead() throws Exception {
        for (String name : List.of("checkpoint-2.bin", "checkpoint-3.bin")) {
            StoredTrainings.assertSame(readCheckpoint(golden(name)), StoredTrainings.checkpoint(3, 4));
            assertThat(CheckpointFormat.readHistory(inPlaces(golden(name))).map(History::all))
                    .contains(StoredTrainings.history(3).all());
        }
        assertThat(HistoryFormat.readHistory(golden("losses-2.bin")).all())
                .isEqualTo(StoredTrainings.history(5).all());
    }

    @Test
    void filesOfTheTimeBeforeScoresAreStillRead() throws Exception {
        StoredTrainings.assertSame(
                readCheckpoint(golden("checkpoint-1.bin")),
                StoredTrainings.checkpoint(4, StoredTrainings.historyOfLosses(3)));
        LearningCurves expected = StoredTrainings.historyOfLosses(5).all();
        assertThat(HistoryFormat.readHistory(golden("losses-1.bin")).all()).isEqualTo(expected);
        assertThat(HistoryFormat.readLosses(golden("losses-1.bin"))).isEqualTo(expected);
    }

    private static byte[] golden(String name) throws IOException {
        return Files.readAllBytes(GOLDEN.resolve(name));
    }

    @ParameterizedTest
    @MethodSource("formats")
    void whatIsWrittenIsTheGoldenFile(String name, byte[] written) throws Exception {
        if (name.startsWith("losses")) { // all else a newer JDK may compress in another way
            assertThat(written).isEqualTo(golden(name));
        }
    }

    @ParameterizedTest
    @MethodSource("formats")
    void anyByteThatHasChangedIsNoticed(String name, byte[] written, Consumer<byte[]> read) {
        for (int i = 0; i < written.length; i++) {
            byte[] damaged = written.clone();
            damaged[i] ^= 1;
            assertThatThrownBy(() -> read.accept(damaged))
                    .as("%s, byte %d", name, i)
                    .isInstanceOf(DamagedException.class);
        }
    }

    @ParameterizedTest
    @MethodSource("formats")
    void anyLengthButTheRightOneIsNoticed(String name, byte[] written, Consumer<byte[]> read) {
        for (int length = 0; length < written.length + 9; length++) {
            byte[] cut = Arrays.copyOf(written, length);
            if (length != written.length) {
                assertThatThrownBy(() -> read.accept(cut))
                        .as("%s, %d bytes", name, length)
                        .isInstanceOf(DamagedException.class);
            }
        }
    }

    @Test
    void thinnedLossesComeBack() {
        LearningCurves losses = new LearningCurves(
                12,
                List.of(0.5, 1e-300),
                List.of(1 / 3d, -0d),
                new ValidationScores(Metric.ACCURACY, List.of(0.25, Double.NaN)));

        assertThat(HistoryFormat.readLosses(HistoryFormat.write(losses))).isEqualTo(losses);
        assertThat(HistoryFormat.readLosses(HistoryFormat.write(LearningCurves.NONE)))
                .isEqualTo(LearningCurves.NONE);
    }

    @Test
    void examplesThatRepeatTakeLittleRoom() {
        TrainingData data = TrainingData.of(examples(new float[300_000]));

        List<byte[]> parts = writeParts(data);

        assertThat(parts).hasSize(2);
        assertThat(parts.stream().mapToInt(part -> part.length).sum()).isLessThan(20_000);
        StoredTrainings.assertSame(readExamples(parts.toArray(byte[][]::new)), data);
    }

    @Test
    void examplesOfManyPartsThatGetHardlyShorterComeBackAsTheyAre() {
        SplitMix64 random = new SplitMix64(1);
        float[] inputs = new float[700_000];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = random.nextFloat(); // whose exponents alone get shorter
        }
        TrainingData data = TrainingData.of(examples(inputs));

        List<byte[]> parts = writeParts(data);

        assertThat(parts).hasSize(3).allMatch(part -> part.length < (1 << 20) + 100);
        assertThat(parts.get(0)).hasSizeGreaterThan(1 << 20);
        StoredTrainings.assertSame(readExamples(parts.toArray(byte[][]::new)), data);
        assertThatThrownBy(() -> readExamples(parts.get(0), parts.get(1))).isInstanceOf(DamagedException.class);
        assertThatThrownBy(() -> readExamples(parts.get(0), parts.get(2), parts.get(1), parts.get(0)))
                .isInstanceOf(DamagedException.class);
    }

    @Test
    void checkpointOfManyPartsComesBack() {
        Checkpoint checkpoint = StoredTrainings.checkpoint(1_001, 300_000);

        List<byte[]> written = writeParts(checkpoint);

        assertThat(written).hasSize(4).allMatch(part -> part.length < (1 << 20) + 100);
        byte[][] parts = written.toArray(byte[][]::new);
        StoredTrainings.assertSame(readCheckpoint(parts), checkpoint);
        assertThat(CheckpointFormat.readHistory(inPlaces(parts[0])).map(History::all))
                .contains(checkpoint.history().all());
        assertThatThrownBy(() -> readCheckpoint(parts[0], parts[1], parts[2])).isInstanceOf(DamagedException.class);
        assertThatThrownBy(() -> readCheckpoint(parts[0], parts[2], parts[1], parts[3]))
                .isInstanceOf(DamagedException.class);
        assertThatThrownBy(() -> readCheckpoint(parts[0], parts[1], parts[2], parts[3], parts[3]))
                .isInstanceOf(DamagedException.class);
        assertThat(CheckpointFormat.read(inPlaces())).isEmpty();
    }

    private static Examples examples(float[] inputs) {
        return Examples.of(Matrix.wrap(1_000, inputs.length / 1_000, inputs), Matrix.wrap(1_000, 1, new float[1_000]));
    }
}
