package io.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.thread.Threading;
import org.springframework.core.env.Environment;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

class ThreadsTests extends ServiceTestBase {

    @Test
    void periodicTasksHaveThreadsOfTheirOwn(@Autowired ThreadPoolTaskScheduler scheduler) {
        assertThat(scheduler.getScheduledThreadPoolExecutor().getCorePoolSize()).isEqualTo(4);
    }

    @Test
    void requestsRunOnPlatformThreads(@Autowired Environment environment) {
        assertThat(Threading.PLATFORM.isActive(environment)).isTrue();
    }
}
