package io.backprop.prediction;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

@Configuration(proxyBeanMethods = false)
class PredictionConfiguration {

    /**
     * At most one thread per processor but one, so that small requests find one free, and no queue: if all threads are
     * busy, or the service is shutting down, the submitting thread runs the task itself.
     */
    @Bean(defaultCandidate = false) // Spring Boot's executor remains the default
    ThreadPoolTaskExecutor tablePredictionExecutor() {
        ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();
        executor.setThreadNamePrefix("predictions-");
        executor.setCorePoolSize(0);
        executor.setMaxPoolSize(Math.max(1, Runtime.getRuntime().availableProcessors() - 1));
        executor.setQueueCapacity(0);
        executor.setRejectedExecutionHandler((task, pool) -> task.run());
        return executor;
    }
}
