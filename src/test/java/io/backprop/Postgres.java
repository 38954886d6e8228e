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
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** A PostgreSQL server of the tests' own, on a free port of this machine, without a password. */
public final class Postgres {

    private static final AtomicInteger DATABASES = new AtomicInteger();
    private static final String USER = "backprop";
    private static final String PATIENTLY = "--timeout=" + Await.PATIENCE.toSeconds();

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

    /** One that no connection gets by chance, so that it is still free when the server was away. */
    private static int freePort() throws IOException {
        int port = 0;
        while (port == 0) {
            int candidate = ThreadLocalRandom.current().nextInt(15_432, 32_768); // further up the system takes its own
            try (ServerSocket socket = new ServerSocket(candidate, 1, InetAddress.getLoopbackAddress())) {
                port = socket.getLocalPort();
            } catch (BindException e) {
                port = 0; // taken
            }
        }
        return port;
    }

    /** The server that all tests of this JVM share; the test is skipped where PostgreSQL is not installed. */
    public static Postgres shared() {
        Requirement.postgresql(); // outside of the initializer, which would wrap what it throws
        return Shared.SERVER;
    }

    /** The URL of a new, empty database. */
    public String newDatabase() {
        String name = "test" + DATABASES.incrementAndGet();
        try (Connection connection = DriverManager.getConnection(url("postgres"));
                Statement statement = connection.createStatement()) {
            statement.execute("create database " + name);
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
        run(asUser(
                "pg_ctl", PATIENTLY, "--wait", "--silent", "--log=" + folder.resolve("log"), "-o", options, "start"));
    }

    /** As if the power had gone. */
    public void stop() {
        run(asUser("pg_ctl", PATIENTLY, "--wait", "--silent", "--mode=immediate", "stop"));
    }

    private void discard() {
        try {
            stop();
            run(List.of("rm", "-rf", folder.toString()));
        } catch (AssertionError e) {
            System.err.println("left behind: " + folder);
        }
    }

    /** PostgreSQL refuses to be root. */
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
