package io.backprop.interchange.onnx;

import static io.backprop.interchange.onnx.GraphFixture.ML;
import static io.backprop.interchange.onnx.GraphFixture.attribute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.management.ThreadMXBean;
import io.backprop.limits.LimitExceededException;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Files that are made to take much time or memory, and files that are damaged. */
class HostileGraphTests {

    private static final int MUTATIONS = Integer.getInteger("test.mutations", 2000);
    private static final long FREE_BYTES = 40 << 20;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** A small classifier with scaled inputs, names of classes, and a composed activation. */
    private static GraphFixture small() {
        return new GraphFixture()
                .opset(ML, 3)
                .input("x", 2)
                .floats("root", List.of(), 1.4142135f)
                .floats("one", List.of(), 1)
                .floats("mean", List.of(2L), 3, 4)
                .weights("w", 3, 2)
                .weights("b", 3)
                .weights("v", 3, 2)
                .node("Sub", "x mean", "centered")
                .node("Gemm", attribute("transB", 1), "centered w b", "z")
                .node("Div", "z root", "e")
                .node("Erf", "e", "erf")
                .node("Add", "erf one", "sum")
                .node("Mul", "z sum", "gelu")
                .node("MatMul", "gelu v", "y")
                .node("Softmax", "y", "p")
                .node("ArgMax", attribute("axis", 1), "p", "index")
                .tensor(OnnxTensor.ofStrings("names", List.of(2L), List.of("no", "yes")))
                .node(ML, "ArrayFeatureExtractor", Map.of(), "names index", "label")
                .output("p", 2)
                .output("label", ElementType.STRING);
    }

    private static void readOrReject(byte[] file) {
        try {
            Imports.read(file);
        } catch (OnnxException | LimitExceededException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }

    @Test
    void rejectsEveryTruncation() {
        byte[] file = small().bytes();
        Imports.read(file);
        for (int length = 0; length < file.length; length++) {
            byte[] truncated = Arrays.copyOf(file, length);
            assertThatExceptionOfType(OnnxException.class).isThrownBy(() -> Imports.read(truncated));
        }
    }

    @Test
    void readsOrRejectsMutations() {
        byte[] file = small().bytes();
        Random random = new Random(16);
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] mutated = file.clone();
            for (int change = random.nextInt(4); change >= 0; change--) {
                int at = random.nextInt(mutated.length);
                switch (random.nextInt(4)) {
                    case 0 -> mutated[at] = (byte) random.nextInt();
                    case 1 -> mutated[at] ^= (byte) (1 << random.nextInt(8));
                    case 2 -> mutated = concatenate(Arrays.copyOf(mutated, at), suffix(mutated, at + 1));
                    default -> {
                        int from = random.nextInt(mutated.length);
                        byte[] copied = Arrays.copyOfRange(mutated, from, Math.min(mutated.length, from + 20));
                        mutated = concatenate(Arrays.copyOf(mutated, at), copied, suffix(mutated, at));
                    }
                }
            }
            readOrReject(mutated);
        }
    }

    private static byte[] suffix(byte[] bytes, int from) {
        return Arrays.copyOfRange(bytes, from, bytes.length);
    }

    private static byte[] concatenate(byte[]... parts) {
        byte[] all = new byte[Arrays.stream(parts).mapToInt(part -> part.length).sum()];
        int offset = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, all, offset, part.length);
            offset += part.length;
        }
        return all;
    }

    static List<Arguments> hostile() {
        return List.of(
                Arguments.of("doubled lengths", doubledLengths()),
                Arguments.of("a growing sum", growingSum()),
                Arguments.of("wide scales", wideScales()),
                Arguments.of("scales that are only read", readScales()),
                Arguments.of("broadcast constants", broadcastConstants()),
                Arguments.of("transposed constants", transposedConstants()),
                Arguments.of("names of classes", namesOfClasses()),
                Arguments.of("a deep chain of layers", deepChain()),
                Arguments.of("a sum of deep chains", sumOfDeepChains()),
                Arguments.of("many dimensions", manyDimensions()),
                Arguments.of("repeated inputs", repeatedInputs()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("hostile")
    void rejectsWithLittleMemory(String name, GraphFixture graph) {
        byte[] file = graph.bytes();
        long before = THREADS.getCurrentThreadAllocatedBytes();
        assertThatExceptionOfType(RuntimeException.class)
                .isThrownBy(() -> Imports.read(file))
                .satisfies(e -> assertThat(e).isInstanceOfAny(OnnxException.class, LimitExceededException.class));
        assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isLessThan(FREE_BYTES + 8L * file.length);
    }

    private static GraphFixture doubledLengths() {
        GraphFixture graph = new GraphFixture().input("x", 3).node("Shape", "x", "s0");
        IntStream.range(0, 60)
                .forEach(i -> graph.node("Concat", attribute("axis", 0), "s%d s%d".formatted(i, i), "s" + (i + 1)));
        return graph.node("Reshape", "x s60", "y").output("y");
    }

    private static GraphFixture growingSum() {
        GraphFixture graph = new GraphFixture().input("x", 3).weights("w", 3, 1).node("MatMul", "x w", "y0");
        IntStream.range(0, 20_000).forEach(i -> graph.node("Add", "y%d y0".formatted(i), "y" + (i + 1)));
        return graph.output("y20000");
    }

    private static GraphFixture wideScales() {
        GraphFixture graph =
                new GraphFixture().input("y0", 100_000).weights("mean", 100_000).floats("two", List.of(), 2);
        IntStream.range(0, 20_000)
                .forEach(i -> graph.node(
                        i == 0 ? "Sub" : "Mul", "y%d %s".formatted(i, i == 0 ? "mean" : "two"), "y" + (i + 1)));
        return graph.output("y20000");
    }

    private static GraphFixture readScales() {
        GraphFixture graph = new GraphFixture()
                .input("x", 100_000)
                .floats("ones", List.of(100_000L), ones(100_000))
                .node("Exp", "x", "e")
                .node("Add", "e ones", "sum");
        IntStream.range(0, 20_000).forEach(i -> graph.node("Log", "sum", "y" + i));
        return graph.output("y19999");
    }

    private static float[] ones(int length) {
        float[] ones = new float[length];
        Arrays.fill(ones, 1);
        return ones;
    }

    private static GraphFixture broadcastConstants() {
        return new GraphFixture()
                .input("x", 3)
                .weights("row", 1, 60_000)
                .weights("column", 60_000, 1)
                .node("Mul", "row column", "w")
                .node("MatMul", "x w", "y")
                .output("y");
    }

    private static GraphFixture transposedConstants() {
        GraphFixture graph = new GraphFixture().input("x", 1000).weights("w0", 1000, 300);
        IntStream.range(0, 20_000).forEach(i -> graph.node("Transpose", "w" + i, "w" + (i + 1)));
        return graph.node("MatMul", "x w20000", "y").output("y");
    }

    private static GraphFixture namesOfClasses() {
        int classes = 5000;
        GraphFixture graph = new GraphFixture()
                .opset(ML, 3)
                .input("x", 1)
                .weights("w", 1, classes)
                .tensor(OnnxTensor.ofIntegers(
                        "names",
                        ElementType.INT64,
                        List.of((long) classes),
                        IntStream.range(0, classes).asLongStream().toArray()))
                .node("MatMul", "x w", "z")
                .node("Softmax", "z", "p")
                .node("ArgMax", attribute("axis", 1), "p", "index");
        IntStream.range(0, 20_000)
                .forEach(i -> graph.node(ML, "ArrayFeatureExtractor", Map.of(), "names index", "y" + i));
        return graph.output("y19999");
    }

    private static GraphFixture deepChain() {
        GraphFixture graph = new GraphFixture().input("y0", 1).weights("w", 1, 1);
        IntStream.range(0, 20_000).forEach(i -> graph.node("MatMul", "y%d w".formatted(i), "y" + (i + 1)));
        return graph.output("y20000");
    }

    private static GraphFixture sumOfDeepChains() {
        String same = String.join(" ", Collections.nCopies(100, "y20000"));
        return deepChain().node("Sum", same, "sum").output("sum");
    }

    private static GraphFixture manyDimensions() {
        return new GraphFixture()
                .input("x", 3)
                .floats("w", Collections.nCopies(10_000, 1L), 1)
                .node("Mul", "x w", "y")
                .output("y");
    }

    private static GraphFixture repeatedInputs() {
        String same = String.join(" ", Collections.nCopies(100_000, "y0"));
        return new GraphFixture()
                .input("x", 1)
                .weights("w", 1, 1)
                .node("MatMul", "x w", "y0")
                .node("Sum", same, "y")
                .output("y");
    }
}
