package io.backprop.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backprop.engine.Examples;
import io.backprop.engine.Matrix;
import io.backprop.engine.TrainingData;
import io.backprop.training.Losses;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The golden files were written once, and are never written again: users have such files. */
class TrainingFormatsTests {

    private static final Path GOLDEN = Path.of("src/test/resources/golden");

    static Stream<Arguments> formats() {
        Consumer<byte[]> examples = TrainingDataFormat::read;
        Consumer<byte[]> checkpoint = CheckpointFormat::read;
        Consumer<byte[]> history = HistoryFormat::readHistory;
        return Stream.of(
                Arguments.of("examples-1.bin", TrainingDataFormat.write(StoredTrainings.data()), examples),
                Arguments.of("checkpoint-1.bin", CheckpointFormat.write(StoredTrainings.checkpoint(3, 4)), checkpoint),
                Arguments.of("losses-1.bin", HistoryFormat.write(StoredTrainings.history(5)), history));
    }

    @Test
    void goldenFilesAreStillRead() throws Exception {
        StoredTrainings.assertSame(
                TrainingDataFormat.read(Files.readAllBytes(GOLDEN.resolve("examples-1.bin"))), StoredTrainings.data());
        StoredTrainings.assertSame(
                CheckpointFormat.read(Files.readAllBytes(GOLDEN.resolve("checkpoint-1.bin"))),
                StoredTrainings.checkpoint(3, 4));
        assertThat(HistoryFormat.readHistory(Files.readAllBytes(GOLDEN.resolve("losses-1.bin"))))
                .usingRecursiveComparison()
                .isEqualTo(StoredTrainings.history(5));
    }

    @ParameterizedTest
    @MethodSource("formats")
    void whatIsWrittenIsTheGoldenFile(String name, byte[] written) throws Exception {
        if (!name.startsWith("examples")) { // which a newer JDK may compress in another way
            assertThat(written).isEqualTo(Files.readAllBytes(GOLDEN.resolve(name)));
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
        Losses losses = new Losses(12, List.of(0.5, 1e-300), null);

        assertThat(HistoryFormat.readLosses(HistoryFormat.write(losses))).isEqualTo(losses);
        assertThat(HistoryFormat.readLosses(HistoryFormat.write(Losses.NONE))).isEqualTo(Losses.NONE);
    }

    @Test
    void examplesThatRepeatTakeLittleRoom() {
        TrainingData data = TrainingData.of(
                Examples.of(Matrix.wrap(1_000, 100, new float[100_000]), Matrix.wrap(1_000, 1, new float[1_000])));

        byte[] written = TrainingDataFormat.write(data);

        assertThat(written.length).isLessThan(10_000);
        StoredTrainings.assertSame(TrainingDataFormat.read(written), data);
    }
}
