package io.backprop.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.engine.Threads;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SideBySideTests {

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void runsJobsAtTheSameTime() {
        CountDownLatch both = new CountDownLatch(2);
        Runnable job = () -> {
            both.countDown();
            await(both);
        };

        new SideBySide(2, new ArrayDeque<>(List.of(job, job))::poll).run(Threads.of(2));

        assertThat(both.getCount()).isZero();
    }

    @Test
    void runsNoMoreJobsAtATimeThanItsWidth() {
        AtomicInteger current = new AtomicInteger();
        List<Integer> atATime = Collections.synchronizedList(new ArrayList<>());
        Runnable job = () -> {
            atATime.add(current.incrementAndGet());
            Thread.onSpinWait();
            current.decrementAndGet();
        };
        Queue<Runnable> jobs =
                new ArrayDeque<>(IntStream.range(0, 50).mapToObj(i -> job).toList());

        new SideBySide(2, jobs::poll).run(Threads.of(4));

        assertThat(atATime).hasSize(50).allMatch(count -> count <= 2);
    }

    @Test
    void threadWithoutAJobHelpsWithOthers() {
        CountDownLatch helped = new CountDownLatch(1);
        Queue<Runnable> jobs = new ArrayDeque<>();
        SideBySide work = new SideBySide(2, jobs::poll);
        jobs.add(() -> {
            work.execute(helped::countDown);
            await(helped);
        });

        work.run(Threads.of(2));

        assertThat(helped.getCount()).isZero();
    }
}
