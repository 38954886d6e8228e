package io.backprop.spark;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backprop.TestFolders;
import io.backprop.engine.Examples;
import io.backprop.engine.Matrix;
import io.backprop.engine.Vector;
import io.backprop.spark.ShardFile.DamagedException;
import io.backprop.spark.ShardFile.Entry;
import io.backprop.spark.ShardFile.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import scala.Tuple2;

class ShardFileTests {

    private static final Examples EXAMPLES = Examples.of(
                    Matrix.of(new float[] {1, -0f}, new float[] {Float.MIN_VALUE, 4}, new float[] {5, 6}),
                    Matrix.of(new float[] {7}, new float[] {8}, new float[] {9}))
            .withWeights(Vector.of(0.5f, 1, 2));
    private static final Shape SHAPE = new Shape(2, 1, true);

    private final java.nio.file.Path folder = TestFolders.create();
    private final Path file = new Path(folder.resolve("shard-00003").toString());
    private final Configuration hadoop = new Configuration();

    @Test
    void keepsRows() throws IOException {
        Entry entry = write(SHAPE, 3);
        StoredShard shard = ShardFile.read(file, hadoop, 3, SHAPE, entry);
        assertThat(shard.index()).isEqualTo(3);
        assertThat(shard.rows()).isEqualTo(3);
        Examples read = requireNonNull(shard.examples());
        assertThat(read.inputs()).isEqualTo(EXAMPLES.inputs());
        assertThat(read.inputs().get(0, 1)).isEqualTo(-0f);
        assertThat(read.targets()).isEqualTo(EXAMPLES.targets());
        assertThat(read.weights()).isEqualTo(EXAMPLES.weights());
        assertThat(requireNonNull(shard.shard()).size()).isEqualTo(3);
    }

    @Test
    void leavesOutWeightsThatAreAllOne() throws IOException {
        Shape unweighted = new Shape(2, 1, false);
        Entry entry = write(unweighted, 3);
        Examples read = requireNonNull(
                ShardFile.read(file, hadoop, 3, unweighted, entry).examples());
        assertThat(read.inputs()).isEqualTo(EXAMPLES.inputs());
        assertThat(read.weights()).isNull();
    }

    @Test
    void keepsShardsWithoutRows() throws IOException {
        Entry entry = write(SHAPE, 0);
        assertThat(entry.rows()).isZero();
        StoredShard shard = ShardFile.read(file, hadoop, 3, SHAPE, entry);
        assertThat(shard.rows()).isZero();
        assertThat(shard.shard()).isNull();
    }

    @Test
    void replacesAnEarlierFileAndLeavesNoOther() throws IOException {
        write(SHAPE, 1);
        Entry entry = write(SHAPE, 3);
        assertThat(ShardFile.read(file, hadoop, 3, SHAPE, entry).rows()).isEqualTo(3);
        try (var files = Files.list(folder)) {
            assertThat(files.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder("shard-00003", ".shard-00003.crc");
        }
    }

    /** Hadoop's own checksums of local files do not exist in all file systems. */
    @Test
    void detectsEachAlteredByte() throws IOException {
        Entry entry = write(SHAPE, 3);
        Files.delete(folder.resolve(".shard-00003.crc"));
        java.nio.file.Path path = folder.resolve("shard-00003");
        byte[] bytes = Files.readAllBytes(path);
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] ^= 4;
            Files.write(path, bytes);
            assertThatThrownBy(() -> ShardFile.read(file, hadoop, 3, SHAPE, entry))
                    .isInstanceOf(DamagedException.class);
            bytes[i] ^= 4;
        }
        Files.write(path, bytes);
        assertThat(ShardFile.read(file, hadoop, 3, SHAPE, entry).rows()).isEqualTo(3);
    }

    @Test
    void detectsOtherFiles() throws IOException {
        Entry two = write(SHAPE, 2);
        Entry entry = write(SHAPE, 3);
        assertThatThrownBy(() -> ShardFile.read(file, hadoop, 3, SHAPE, two))
                .isInstanceOf(DamagedException.class)
                .hasMessageEndingWith("has another length");
        assertThatThrownBy(() -> ShardFile.read(file, hadoop, 2, SHAPE, entry)).isInstanceOf(DamagedException.class);
        assertThatThrownBy(() -> ShardFile.read(file, hadoop, 3, SHAPE, new Entry(3, entry.checksum() + 1)))
                .isInstanceOf(DamagedException.class);
        assertThatThrownBy(() -> ShardFile.read(new Path(file.getParent(), "none"), hadoop, 3, SHAPE, entry))
                .isInstanceOf(DamagedException.class);
    }

    /** Hadoop's checksum fails before ours. */
    @Test
    void detectsFilesThatHadoopRejects() throws IOException {
        Entry entry = write(SHAPE, 3);
        java.nio.file.Path path = folder.resolve("shard-00003");
        byte[] bytes = Files.readAllBytes(path);
        bytes[20] ^= 1;
        Files.write(path, bytes);
        assertThatThrownBy(() -> ShardFile.read(file, hadoop, 3, SHAPE, entry)).isInstanceOf(DamagedException.class);
    }

    @Test
    void keepsManifests() throws IOException {
        Path parent = file.getParent();
        assertThat(ShardManifest.read(parent, hadoop)).isNull();
        ShardManifest manifest =
                new ShardManifest("hash", SHAPE, List.of(new Entry(5, -1), new Entry(6, 2)), new Entry(0, 3));
        manifest.write(parent, hadoop);
        assertThat(ShardManifest.read(parent, hadoop)).isEqualTo(manifest);
        assertThat(manifest.rows()).isEqualTo(11);

        Files.delete(folder.resolve(".manifest.crc"));
        java.nio.file.Path path = folder.resolve(ShardManifest.FILE);
        byte[] bytes = Files.readAllBytes(path);
        bytes[bytes.length - 30] ^= 1;
        Files.write(path, bytes);
        assertThat(ShardManifest.read(parent, hadoop)).isNull();
        Files.write(path, new byte[0]);
        assertThat(ShardManifest.read(parent, hadoop)).isNull();
    }

    private Entry write(Shape shape, int rows) throws IOException {
        float[] values = new float[SHAPE.values()];
        return ShardFile.write(
                file,
                hadoop,
                "attempt",
                3,
                shape,
                IntStream.range(0, rows)
                        .mapToObj(row -> new Tuple2<>(new byte[0], ShardFile.row(EXAMPLES, row, shape, values)))
                        .iterator());
    }
}
