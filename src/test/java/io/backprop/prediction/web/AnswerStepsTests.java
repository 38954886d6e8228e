package io.backprop.prediction.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AnswerStepsTests {

    private final AnswerThreads threads = new AnswerThreads();
    private final AnswerSteps steps = threads.steps();

    @AfterEach
    void stop() {
        steps.close();
        threads.stop();
    }

    @Test
    void stepsAreDoneInTurn() {
        List<Integer> done = new ArrayList<>();

        for (int i = 0; i < 1_000; i++) {
            int step = i;
            steps.begin(() -> done.add(step));
        }
        steps.await();

        assertThat(done)
                .containsExactlyElementsOf(IntStream.range(0, 1_000).boxed().toList());
    }

    @Test
    void readerGoesOnWhileAStepIsDone() {
        CountDownLatch read = new CountDownLatch(1);

        steps.begin(() -> awaitUninterruptibly(read));
        read.countDown();

        steps.await();
    }

    @Test
    void lastStepsNeedNoOtherThread() {
        List<Thread> by = new ArrayList<>();

        steps.endReading();
        steps.begin(() -> by.add(Thread.currentThread()));

        assertThat(by).containsExactly(Thread.currentThread());
    }

    @Test
    void whatGoesWrongIsThrownWhereMoreIsBegun() {
        steps.begin(() -> {
            throw new OutOfMemoryError("of a step");
        });

        assertThatThrownBy(() -> steps.begin(() -> {}))
                .isInstanceOf(OutOfMemoryError.class)
                .hasMessage("of a step");
        steps.close();
    }

    @Test
    void whoeverReadsWorksWhereNoThreadIsLeft() {
        CountDownLatch end = new CountDownLatch(1);
        List<AnswerSteps> others = IntStream.range(0, Runtime.getRuntime().availableProcessors())
                .mapToObj(i -> threads.steps())
                .toList();
        others.forEach(other -> other.begin(() -> awaitUninterruptibly(end)));
        List<Thread> by = new ArrayList<>();

        steps.begin(() -> by.add(Thread.currentThread()));

        assertThat(by).containsExactly(Thread.currentThread());
        end.countDown();
        others.forEach(AnswerSteps::close);
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
