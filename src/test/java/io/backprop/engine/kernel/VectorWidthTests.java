package io.backprop.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Repeats tests of the kernels and of golden bits in JVMs with narrower vectors than the processor's, without an FMA, and
 * without the vector module.
 */
class VectorWidthTests {

    @ParameterizedTest
    @CsvSource({
        "--add-modules=jdk.incubator.vector, -XX:MaxVectorSize=16, simd 128",
        "--add-modules=jdk.incubator.vector, -XX:MaxVectorSize=32, simd 256",
        "--add-modules=jdk.incubator.vector, -XX:-UseFMA,          scalar 32",
        "--add-modules=java.base,            -XX:+UseFMA,          scalar 32"
    })
    void testsPassInAJvmWith(String modules, String option, String kernels) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        modules,
                        option,
                        "-cp",
                        System.getProperty("java.class.path"),
                        VectorWidthTests.class.getName())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        assertThat(output).contains(kernels);
    }

    public static void main(String[] arguments) throws ReflectiveOperationException {
        Kernels best = Kernels.best();
        System.out.println(best.name() + " " + best.vectorBits());
        runTests("io.backprop.engine.SameBitsTests");
        if (best == Kernels.scalar()) { // SIMD kernels would take minutes
            return;
        }
        MatrixKernelsTests matrices = new MatrixKernelsTests();
        matrices.productIsOneChainOfFmaPerElement(7, 15, 31);
        matrices.productIsOneChainOfFmaPerElement(33, 10, 100);
        matrices.productIsOneChainOfFmaPerElement(250, 270, 520);
        ElementwiseKernelsTests.kernels().forEach(kernel -> {
            ElementwiseKernelsTests elementwise = new ElementwiseKernelsTests();
            elementwise.followsItsFormulaAtAnyLengthAndOffset(kernel);
            elementwise.followsItsFormulaForSpecialNumbers(kernel);
        });
        ReductionKernelsTests reductions = new ReductionKernelsTests();
        for (int length : new int[] {0, 1, 15, 16, 17, 33, 100, 257, 4095, 4097, 10_000}) {
            reductions.sumOfSquaresFollowsTheSpecifiedOrder(length);
            reductions.allFiniteFindsEachInfinityAndNan(Math.min(257, length));
        }
    }

    /** Runs the tests of a class that take no arguments. */
    private static void runTests(String name) throws ReflectiveOperationException {
        Constructor<?> constructor = Class.forName(name).getDeclaredConstructor();
        constructor.setAccessible(true);
        for (Method method : constructor.getDeclaringClass().getDeclaredMethods()) {
            if (method.isAnnotationPresent(Test.class)) {
                method.setAccessible(true);
                method.invoke(constructor.newInstance());
            }
        }
    }
}
