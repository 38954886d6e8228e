package io.backprop.training;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

/**
 * The thread pools of trainings. They are no default candidates, so that Spring Boot still configures its own executor for
 * everything else, and they accept tasks while the application context closes, when trainings write their last checkpoint.
 */
@Configuration(proxyBeanMethods = false)
class TrainingConfiguration {

    /** Threads that run trainings, one each. */
    @Bean(defaultCandidate = false)
    ThreadPoolTaskExecutor trainingThreads(TrainingProperties properties) {
        return pool("training-", properties.workers());
    }

    /** Threads that run folds of cross-validations and trials of searches, one each. */
    @Bean(defaultCandidate = false)
    ThreadPoolTaskExecutor partThreads(PartProperties properties) {
        return pool("parts-", properties.workers());
    }

    /** Threads that help trainings with other networks or large steps; shared by all trainings. */
    @Bean(defaultCandidate = false)
    ThreadPoolTaskExecutor trainingHelperThreads(TrainingProperties properties) {
        return pool("training-helper-", Math.max(1, properties.threads() - 1));
    }

    @Bean(defaultCandidate = false)
    ThreadPoolTaskExecutor checkpointThread() {
        return pool("checkpoints-", 1);
    }

    private static ThreadPoolTaskExecutor pool(String prefix, int threads) {
        ThreadPoolTaskExecutor pool = new ThreadPoolTaskExecutor();
        pool.setThreadNamePrefix(prefix);
        pool.setCorePoolSize(threads);
        pool.setMaxPoolSize(threads);
        pool.setDaemon(true);
        pool.setWaitForTasksToCompleteOnShutdown(true);
        return pool;
    }
}
