package io.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A PostgreSQL server for tests on a free local port, without a password. It is stopped and deleted when the JVM exits. */
public final class Postgres {

    private static final AtomicInteger DATABASES = new AtomicInteger();
    private static final String USER = "backprop";
    private static final int LOWEST_PORT = 15_432;
    private static final int PORTS = 16_384;
    private static final AtomicInteger NEXT_PORT =
            new AtomicInteger((int) (ProcessHandle.current().pid() * 16 % PORTS));
    private static final String TIMEOUT = "--timeout=" + Await.TIMEOUT.toSeconds();

    private final Path programs = Requirement.postgresql();
    private final Path folder;
    private final int port;

    private static final class Shared {
        private static final Postgres SERVER = new Postgres();
    }

    private Postgres() {
        try {
            port = freePort();
            folder = Files.createTempDirectory("backprop-postgresql");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (isRoot()) {
            run(List.of("chown", "nobody", folder.toString()));
        }
        Runtime.getRuntime().addShutdownHook(new Thread(this::discard));
        run(asUser("initdb", "--username=" + USER, "--auth=trust", "--encoding=UTF8", "--no-sync"));
        start();
    }

    /**
     * Returns a free port below the range from which the operating system assigns ports, so that it stays free while the
     * server is stopped. Concurrent JVMs start to search at different ports.
     */
    private static int freePort() throws IOException {
        while (true) {
            int candidate = LOWEST_PORT + NEXT_PORT.getAndIncrement() % PORTS;
            try (ServerSocket socket = new ServerSocket(candidate, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (BindException e) {
                // taken: try the next one
            }
        }
    }

    /** Returns the server that the tests of this JVM share. Skips the test if PostgreSQL is not installed. */
    public static Postgres shared() {
        Requirement.postgresql(); // not in the initializer, which would wrap the exception
        return Shared.SERVER;
    }

    /** Returns a new server, for a test that stops it. Skips the test if PostgreSQL is not installed. */
    public static Postgres create() {
        return new Postgres();
    }

    /** Creates an empty database and returns its URL. */
    public String newDatabase() {
        return newDatabase("template1");
    }

    /** Creates a copy of a database to which nobody is connected, and returns its URL. */
    public String copy(String url) {
        return newDatabase(url.substring(url.lastIndexOf('/') + 1, url.indexOf('?')));
    }

    private String newDatabase(String template) {
        String name = "test" + DATABASES.incrementAndGet();
        try (Connection connection = DriverManager.getConnection(url("postgres"));
                Statement statement = connection.createStatement()) {
            statement.execute("create database " + name + " template " + template);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
        return url(name);
    }

    private String url(String database) {
        return "jdbc:postgresql://127.0.0.1:%d/%s?user=%s".formatted(port, database, USER);
    }

    public void start() {
        String options = "-p %d -k %s -c listen_addresses=127.0.0.1 -c fsync=off".formatted(port, folder);
        run(asUser("pg_ctl", TIMEOUT, "--wait", "--silent", "--log=" + folder.resolve("log"), "-o", options, "start"));
    }

    /** Stops the server without a checkpoint, as a power failure would. */
    public void stop() {
        run(asUser("pg_ctl", TIMEOUT, "--wait", "--silent", "--mode=immediate", "stop"));
    }

    private void discard() {
        try {
            stop();
            run(List.of("rm", "-rf", folder.toString()));
        } catch (AssertionError e) {
            System.err.println("Could not delete " + folder);
        }
    }

    /** PostgreSQL refuses to run as root. */
    private List<String> asUser(String program, String... arguments) {
        List<String> command = new ArrayList<>();
        if (isRoot()) {
            command.addAll(List.of("runuser", "-u", "nobody", "--"));
        }
        command.add(programs.resolve(program).toString());
        command.add("--pgdata=" + folder);
        command.addAll(List.of(arguments));
        return command;
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    private void run(List<String> command) {
        try {
            Path output = Files.createTempFile("postgresql", ".log");
            int status = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start()
                    .waitFor();
            assertThat(status).as("%s: %s", command, Files.readString(output)).isZero();
            Files.delete(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
