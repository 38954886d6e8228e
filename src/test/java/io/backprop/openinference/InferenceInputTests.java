package io.backprop.openinference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.backprop.model.InvalidInputException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Checks of elements allocate nothing for each of them, such as a message that is not needed. */
class InferenceInputTests {

    private static final int ELEMENTS = 200_000;
    private static final TensorSpec NUMBERS = TensorSpec.column("age", DataType.FP32);
    private static final TensorSpec TEXTS = TensorSpec.column("town", DataType.BYTES);
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private interface Action {
        void run() throws IOException;
    }

    /** Bytes that an action allocates. */
    private static long allocated(Action action) throws IOException {
        action.run(); // loads classes
        long before = THREADS.getCurrentThreadAllocatedBytes();
        action.run();
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }

    @Test
    void readsTruthValuesIntoPackedNumbers() throws IOException {
        byte[] zeros = new byte[ELEMENTS];

        assertThat(allocated(() -> BinaryTensors.read(
                        NUMBERS, DataType.BOOL, ELEMENTS, ELEMENTS, new ByteArrayInputStream(zeros), bytes -> {})))
                .isLessThan(4L * Float.BYTES * ELEMENTS);
    }

    @Test
    void countsNumbersBeforeTheyAreAllocated() throws IOException {
        AtomicLong counted = new AtomicLong();
        byte[] bytes = new byte[ELEMENTS];

        BinaryTensors.read(
                NUMBERS, DataType.UINT8, ELEMENTS, ELEMENTS, new ByteArrayInputStream(bytes), counted::addAndGet);

        long uncounted = (long) Float.BYTES << 16; // at first
        assertThat(counted.get()).isEqualTo((long) Float.BYTES * ELEMENTS - uncounted);
        assertThatThrownBy(() -> BinaryTensors.read(
                        NUMBERS, DataType.UINT8, ELEMENTS, ELEMENTS, new ByteArrayInputStream(bytes), refused -> {
                            throw new IllegalStateException("refused " + refused);
                        }))
                .hasMessage("refused " + counted.get());
    }

    @Test
    void readsTextsIntoPackedBytes() throws IOException {
        byte[] empty = new byte[Integer.BYTES * ELEMENTS];

        assertThat(allocated(() -> BinaryTensors.read(
                        TEXTS, DataType.BYTES, ELEMENTS, empty.length, new ByteArrayInputStream(empty), bytes -> {})))
                .isLessThan(300L * ELEMENTS);
    }

    @Test
    void findsGapsWithoutCopies() throws IOException {
        float[] numbers = new float[ELEMENTS];
        numbers[ELEMENTS - 1] = Float.NaN;

        assertThat(allocated(() -> {
                    InferenceInput input = InferenceInput.of(NUMBERS, ELEMENTS, numbers);
                    assertThatThrownBy(input::toMatrix)
                            .isInstanceOf(InvalidInputException.class)
                            .hasMessage("element 199999 of input \"age\" must be a number, but is missing");
                }))
                .isLessThan(ELEMENTS);
    }
}
