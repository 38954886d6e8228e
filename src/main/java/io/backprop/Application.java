package io.backprop;

import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.scheduling.annotation.EnableScheduling;

/** Starts the service. */
@SpringBootApplication
@ConfigurationPropertiesScan
@EnableScheduling
public class Application {

    private static final int FAILURE = 3; // as of -XX:+ExitOnOutOfMemoryError

    /**
     * Ends the process when an error has ended one of its threads, so that it is restarted and resumes its trainings. Without
     * one of Tomcat's threads it would accept connections, but answer none.
     */
    private static void end(Thread thread, Throwable failure) {
        try {
            LoggerFactory.getLogger(Application.class).error("Thread {} has failed", thread.getName(), failure);
        } finally {
            if (failure instanceof Error) {
                Runtime.getRuntime().halt(FAILURE); // shutting down may need what is missing
            }
        }
    }

    public static void main(String[] args) {
        Thread.setDefaultUncaughtExceptionHandler(Application::end);
        SpringApplication.run(Application.class, args);
    }
}
