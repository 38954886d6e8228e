package io.backprop.store.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backprop.engine.Examples;
import io.backprop.engine.Matrix;
import io.backprop.engine.SplitMix64;
import io.backprop.engine.TrainingData;
import io.backprop.store.StoredTrainings;
import io.backprop.training.Checkpoint;
import io.backprop.training.History;
import io.backprop.training.Training;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The golden files freeze the formats. */
class TrainingFormatsTests {

    private static final Path GOLDEN = Path.of("src/test/resources/golden");

    static Stream<Arguments> formats() {
        Consumer<byte[]> examples = TrainingFormatsTests::readExamples;
        Consumer<byte[]> checkpoint = TrainingFormatsTests::readCheckpoint;
        Consumer<byte[]> history = HistoryFormat::read;
        return Stream.of(
                Arguments.of("training-data.bin", writeExamples(StoredTrainings.data()), examples),
                Arguments.of("checkpoint.bin", writeCheckpoint(StoredTrainings.checkpointOfEnsemble(5, 4)), checkpoint),
                Arguments.of("history.bin", HistoryFormat.write(StoredTrainings.history(5)), history));
    }

    private static byte[] writeExamples(TrainingData data) {
        return onlyOne(writeChunks(data));
    }

    private static byte[] writeCheckpoint(Checkpoint checkpoint) {
        return onlyOne(writeChunks(checkpoint));
    }

    private static byte[] onlyOne(List<byte[]> chunks) {
        assertThat(chunks).hasSize(1);
        return chunks.get(0);
    }

    private static List<byte[]> writeChunks(TrainingData data) {
        List<byte[]> chunks = new ArrayList<>();
        TrainingDataFormat.write(data, chunks::add);
        return chunks;
    }

    private static List<byte[]> writeChunks(Checkpoint checkpoint) {
        List<byte[]> chunks = new ArrayList<>();
        CheckpointFormat.write(checkpoint, chunks::add);
        return chunks;
    }

    private static TrainingData readExamples(byte[]... chunks) {
        return TrainingDataFormat.read(source(chunks));
    }

    private static Checkpoint readCheckpoint(byte[]... chunks) {
        return CheckpointFormat.read(source(chunks));
    }

    private static ChunkSource source(byte[]... chunks) {
        return index -> index < chunks.length ? Optional.of(chunks[index]) : Optional.empty();
    }

    @Test
    void readsGoldenFiles() throws Exception {
        StoredTrainings.assertSame(readExamples(golden("training-data.bin")), StoredTrainings.data());
        StoredTrainings.assertSame(
                readCheckpoint(golden("checkpoint.bin")), StoredTrainings.checkpointOfEnsemble(5, 4));
        assertThat(CheckpointFormat.readHistory(source(golden("checkpoint.bin"))))
                .isEqualTo(StoredTrainings.history(5));
        assertThat(HistoryFormat.read(golden("history.bin"))).isEqualTo(StoredTrainings.history(5));
    }

    @Test
    void restoresSeveralMetrics() {
        Map<String, List<@Nullable Double>> metrics = new LinkedHashMap<>();
        metrics.put("top_3_accuracy", Arrays.asList(0.5, null));
        metrics.put("accuracy", List.of(0.25, 0.75));
        History history = new History(List.of(3.0, 2.0), List.of(5.0, 4.0), metrics);
        History read = HistoryFormat.read(HistoryFormat.write(history));
        assertThat(read).isEqualTo(history);
        assertThat(read.validationMetrics()).containsExactlyEntriesOf(metrics);
    }

    private static byte[] golden(String name) throws IOException {
        return Files.readAllBytes(GOLDEN.resolve(name));
    }

    @ParameterizedTest
    @MethodSource("formats")
    void writesGoldenFile(String name, byte[] written) throws Exception {
        if (name.startsWith("history")) { // the others are compressed, which may differ on another JDK
            assertThat(written).isEqualTo(golden(name));
        }
    }

    @ParameterizedTest
    @MethodSource("formats")
    void detectsAnyAlteredByte(String name, byte[] written, Consumer<byte[]> read) {
        for (int i = 0; i < written.length; i++) {
            byte[] damaged = written.clone();
            damaged[i] ^= 1;
            assertThatThrownBy(() -> read.accept(damaged))
                    .as("%s, byte %d", name, i)
                    .isInstanceOf(CorruptDataException.class);
        }
    }

    @ParameterizedTest
    @MethodSource("formats")
    void detectsAnyWrongLength(String name, byte[] written, Consumer<byte[]> read) {
        for (int length = 0; length < written.length + 9; length++) {
            byte[] cut = Arrays.copyOf(written, length);
            if (length != written.length) {
                assertThatThrownBy(() -> read.accept(cut))
                        .as("%s, %d bytes", name, length)
                        .isInstanceOf(CorruptDataException.class);
            }
        }
    }

    @Test
    void restoresProgress() {
        Training.Progress progress = new Training.Progress(
                12,
                1e-300,
                Double.POSITIVE_INFINITY,
                Collections.singletonMap("accuracy", null),
                Duration.ofNanos(1_234_567_891));

        for (Training.Progress written : List.of(progress, Training.Progress.NONE)) {
            assertThat(Documents.read(Documents.write(written), Training.Progress.class))
                    .isEqualTo(written);
        }
    }

    @Test
    void compressesRepetitiveExamples() {
        TrainingData data = TrainingData.of(examples(new float[300_000]));

        List<byte[]> chunks = writeChunks(data);

        assertThat(chunks).hasSize(2);
        assertThat(chunks.stream().mapToInt(part -> part.length).sum()).isLessThan(20_000);
        StoredTrainings.assertSame(readExamples(chunks.toArray(byte[][]::new)), data);
    }

    @Test
    void storesIncompressibleExamplesAsTheyAre() {
        SplitMix64 random = new SplitMix64(1);
        float[] inputs = new float[700_000];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = random.nextFloat(); // only exponents can be compressed
        }
        TrainingData data = TrainingData.of(examples(inputs));

        List<byte[]> chunks = writeChunks(data);

        assertThat(chunks).hasSize(3).allMatch(part -> part.length < (1 << 20) + 100);
        assertThat(chunks.get(0)).hasSizeGreaterThan(1 << 20);
        StoredTrainings.assertSame(readExamples(chunks.toArray(byte[][]::new)), data);
        assertThatThrownBy(() -> readExamples(chunks.get(0), chunks.get(1))).isInstanceOf(CorruptDataException.class);
        assertThatThrownBy(() -> readExamples(chunks.get(0), chunks.get(2), chunks.get(1), chunks.get(0)))
                .isInstanceOf(CorruptDataException.class);
    }

    @Test
    void restoresCheckpointOfManyChunks() {
        Checkpoint checkpoint = StoredTrainings.checkpoint(1_001, 300_000);

        List<byte[]> written = writeChunks(checkpoint);

        assertThat(written).hasSize(4).allMatch(part -> part.length < (1 << 20) + 100);
        byte[][] chunks = written.toArray(byte[][]::new);
        StoredTrainings.assertSame(readCheckpoint(chunks), checkpoint);
        assertThat(CheckpointFormat.readHistory(source(chunks[0]))).isEqualTo(checkpoint.history());
        assertThatThrownBy(() -> readCheckpoint(chunks[0], chunks[1], chunks[2]))
                .isInstanceOf(CorruptDataException.class);
        assertThatThrownBy(() -> readCheckpoint(chunks[0], chunks[2], chunks[1], chunks[3]))
                .isInstanceOf(CorruptDataException.class);
        assertThatThrownBy(() -> readCheckpoint(chunks[0], chunks[1], chunks[2], chunks[3], chunks[3]))
                .isInstanceOf(CorruptDataException.class);
    }

    private static Examples examples(float[] inputs) {
        return Examples.of(Matrix.wrap(1_000, inputs.length / 1_000, inputs), Matrix.wrap(1_000, 1, new float[1_000]));
    }
}
