package io.backprop.spark;

import io.backprop.Await;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The {@link TrainingDriver} in a separate process, with its executors. */
final class DriverProcess implements AutoCloseable {

    private static final String READY = "for work";

    private final Process process;
    private final Thread reader;
    private final List<String> output = new ArrayList<>();

    private DriverProcess(Process process) {
        this.process = process;
        this.reader = new Thread(this::read, "driver-output");
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * Starts a driver and waits until it asks for trainings.
     *
     * @param properties of the JVM and of Spark, such as {@code spark.master}
     */
    static DriverProcess start(Map<String, String> properties, ServiceProcess service, Path tables) {
        DriverProcess driver = run(properties, "--service", service.url().toString(), "--tables", tables.toString());
        Await.until(() -> driver.output().contains(READY) || !driver.process.isAlive());
        if (!driver.process.isAlive()) {
            throw new AssertionError("the driver did not start:\n" + driver.output());
        }
        return driver;
    }

    /** Starts a driver with arguments of the command line. */
    static DriverProcess run(Map<String, String> properties, String... arguments) {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> option.startsWith("--add-") || option.startsWith("-Dio.netty"))
                .forEach(command::add);
        SparkCluster.properties().forEach((name, value) -> command.add("-D%s=%s".formatted(name, value)));
        properties.forEach((name, value) -> command.add("-D%s=%s".formatted(name, value)));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), TrainingDriver.class.getName()));
        command.addAll(List.of(arguments));
        try {
            return new DriverProcess(
                    new ProcessBuilder(command).redirectErrorStream(true).start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            lines.lines().forEach(this::keep);
        } catch (IOException | UncheckedIOException e) {
            keep("(output closed)");
        }
    }

    private synchronized void keep(String line) {
        output.add(line);
    }

    synchronized String output() {
        return String.join("\n", output);
    }

    /** The processes of its executors. */
    List<ProcessHandle> executors() {
        return SparkCluster.executorProcesses(process.toHandle());
    }

    /** Waits for the process to exit and returns its status. */
    int exitStatus() {
        int status = Await.result(process.onExit()).exitValue();
        Await.until(() -> !reader.isAlive());
        return status;
    }

    /** Sends SIGKILL and waits for the process to exit. */
    void kill() {
        process.destroyForcibly();
        Await.result(process.onExit());
    }

    /** Sends SIGTERM. */
    void terminate() {
        process.destroy();
    }

    /** Sends a signal by its name, for example {@code STOP} or {@code CONT}. */
    void signal(String name) {
        signal(process.toHandle(), name);
    }

    static void signal(ProcessHandle process, String name) {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String toString() {
        return (process.isAlive() ? "running driver" : "driver that exited with status " + process.exitValue()) + ":\n"
                + output();
    }

    @Override
    public void close() {
        executors().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
