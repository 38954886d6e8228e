package io.backprop.model.web;

import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/** Threads that work on answers while requests are read; where there are none left, whoever reads does the work. */
@Component
class AnswerThreads implements DisposableBean {

    private static final int IDLE_SECONDS = 60;

    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(
            0,
            Runtime.getRuntime().availableProcessors(),
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            AnswerThreads::daemon,
            new ThreadPoolExecutor.CallerRunsPolicy());

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "answers");
        thread.setDaemon(true);
        return thread;
    }

    AnswerSteps steps() {
        return new AnswerSteps(threads);
    }

    @Override
    public void destroy() {
        threads.shutdown();
    }
}
