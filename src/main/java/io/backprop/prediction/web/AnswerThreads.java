package io.backprop.prediction.web;

import jakarta.annotation.PreDestroy;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;
import org.springframework.stereotype.Component;

/** Threads that work on answers while requests are read; where there are none left, whoever reads does the work. */
@Component
class AnswerThreads {

    private static final int IDLE_SECONDS = 60;

    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(
            0,
            Runtime.getRuntime().availableProcessors(),
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            new CustomizableThreadFactory("answers-"),
            (work, pool) -> work.run()); // not the policy of this name, which drops work when the service stops

    AnswerSteps steps() {
        return new AnswerSteps(threads);
    }

    @PreDestroy
    void stop() {
        threads.shutdown();
    }
}
