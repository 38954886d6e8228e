package io.backprop.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KernelProviderTests {

    @Test
    void bestIsSimdWithTheModule() throws Exception {
        assertThat(bestIn("--add-modules", "jdk.incubator.vector")).startsWith("simd ");
    }

    @Test
    void bestIsScalarWithoutTheModule() throws Exception {
        assertThat(bestIn())
                .isEqualTo("scalar 32 start java with --add-modules jdk.incubator.vector for the fast kernels");
    }

    @Test
    void propertySelectsKernelsByName() throws Exception {
        assertThat(bestIn("--add-modules", "jdk.incubator.vector", "-Dbackprop.kernel=scalar"))
                .isEqualTo("scalar 32 backprop.kernel is scalar");
    }

    @ParameterizedTest
    @CsvSource({
        "-XX:-UseFMA, the processor has no fused multiply-add",
        "-XX:TieredStopAtLevel=1, the JVM runs without its optimizing compiler",
        "-Xint, the JVM runs without its optimizing compiler"
    })
    void bestIsScalarWhereVectorsAreSlow(String option, String hint) throws Exception {
        assertThat(bestIn("--add-modules", "jdk.incubator.vector", option)).startsWith("scalar 32 " + hint);
    }

    @Test
    void kernelsOfThisJdkFit() {
        AvailableKernels.all().forEach(KernelProvider::exercise);
    }

    @Test
    void otherVectorApiIsReported() {
        KernelProvider.Simd simd = KernelProvider.load(() -> {
            throw new NoSuchMethodError("FloatVector.fma");
        });
        assertThat(simd.kernels()).isEmpty();
        assertThat(simd.problem())
                .startsWith("the Vector API of JDK ")
                .endsWith(
                        " is not the one that the fast kernels were written for (java.lang.NoSuchMethodError: FloatVector.fma)");
    }

    @Test
    void rejectsUnavailableKernels() {
        assertThatThrownBy(() -> KernelProvider.choose("simd", Optional.empty(), true))
                .hasMessage("backprop.kernel is simd, which needs --add-modules jdk.incubator.vector");
        assertThatThrownBy(() -> KernelProvider.choose("cuda", Optional.empty(), true))
                .hasMessage("backprop.kernel must be scalar or simd, but was \"cuda\"");
    }

    /** The output of {@link #main} in a separate JVM. */
    private static String bestIn(String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), KernelProviderTests.class.getName()));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return output.strip();
    }

    public static void main(String[] arguments) {
        Kernels kernels = Kernels.best();
        System.out.println(kernels.name() + " " + kernels.vectorBits()
                + Kernels.hint().map(" "::concat).orElse(""));
    }
}
