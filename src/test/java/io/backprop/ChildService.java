package io.backprop;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs the service in a separate process, on a random port unless one is given. */
final class ChildService implements AutoCloseable {

    private static final Pattern PORT = Pattern.compile("Tomcat started on port (\\d+)");
    private static final String READY = "Started Application in";

    private final Process process;
    private final List<String> output = new ArrayList<>();
    private int port;

    private ChildService(Process process) {
        this.process = process;
    }

    /** Starts the service with a new store. */
    static ChildService start(String... jvmOptions) throws IOException {
        return start(TestFolders.create(), jvmOptions);
    }

    static ChildService start(Path store, String... jvmOptions) throws IOException {
        return start(Map.of(), store, jvmOptions);
    }

    /** Starts the service with additional environment variables. */
    static ChildService start(Map<String, String> environment, Path store, String... jvmOptions) throws IOException {
        return start(environment, 0, store, jvmOptions);
    }

    /** Starts the service on a port, for example that of one that was killed. */
    static ChildService start(int port, Path store, String... jvmOptions) throws IOException {
        return start(Map.of(), port, store, jvmOptions);
    }

    private static ChildService start(Map<String, String> environment, int port, Path store, String... jvmOptions)
            throws IOException {
        List<String> command = new ArrayList<>(ServiceJar.command());
        command.addAll(List.of(jvmOptions));
        command.addAll(
                List.of(Application.class.getName(), "--server.port=" + port, "--backprop.store.folder=" + store));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        ChildService service = new ChildService(process);
        service.awaitStart();
        return service;
    }

    private void awaitStart() {
        Thread reader = new Thread(this::read, "service-output");
        reader.setDaemon(true);
        reader.start();
        try {
            Await.until(() -> output().contains(READY) || !reader.isAlive());
            Matcher found = PORT.matcher(output());
            if (!found.find() || !output().contains(READY)) {
                throw new AssertionError("the process exited");
            }
            port = Integer.parseInt(found.group(1));
        } catch (AssertionError e) {
            close();
            throw new AssertionError("the service did not start:\n" + output(), e);
        }
    }

    private void read() {
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            reader.lines().forEach(this::keep);
        } catch (IOException | UncheckedIOException e) {
            keep("(output closed)");
        }
    }

    private synchronized void keep(String line) {
        output.add(line);
    }

    int port() {
        return port;
    }

    long pid() {
        return process.pid();
    }

    synchronized String output() {
        return String.join("\n", output);
    }

    @Override
    public String toString() {
        return (process.isAlive() ? "running service" : "service that exited with status " + process.exitValue())
                + ":\n" + output();
    }

    /** Sends SIGKILL and waits for the process to exit. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Sends SIGTERM, waits for the process to exit and returns how long that took. */
    Duration terminate() throws InterruptedException {
        long start = System.nanoTime();
        process.destroy();
        process.waitFor();
        return Duration.ofNanos(System.nanoTime() - start);
    }

    /** Sends a signal by its name, for example {@code STOP} or {@code CONT}. */
    void signal(String name) throws IOException, InterruptedException {
        Requirement.program("kill");
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
