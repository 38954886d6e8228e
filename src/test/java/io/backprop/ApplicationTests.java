package io.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ApplicationTests {

    /** Starts the service, which fails, and then a thread that fails while the process would live on. */
    static final class FailingThread {

        public static void main(String[] args) throws InterruptedException {
            try {
                Application.main(new String[] {"--backprop.unknown=1"});
            } catch (RuntimeException expected) {
                Thread failing = new Thread(
                        () -> {
                            throw new OutOfMemoryError("as a test");
                        },
                        "failing");
                failing.start();
                Thread.sleep(Await.TIMEOUT.toMillis());
            }
        }
    }

    @Test
    void errorThatEndsThreadEndsTheProcess() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        FailingThread.class.getName())
                .redirectErrorStream(true)
                .start();

        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(output).isEqualTo(3);
        assertThat(output).contains("Thread failing has failed", "OutOfMemoryError: as a test");
    }
}
