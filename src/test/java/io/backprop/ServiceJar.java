package io.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The service's classes in a jar with a class data sharing archive. Tests start the service about fifty times, so they
 * start it from the archive and with options that favor a short start over speed.
 */
final class ServiceJar {

    private static final List<String> START_OPTIONS = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    /** Reverts the options for a short start, for a test that needs the service as users run it. */
    static final List<String> PRODUCTION_OPTIONS = List.of("-XX:TieredStopAtLevel=4", "-XX:-UseSerialGC");

    private final Path jar;
    private final Path archive;

    private static final class Shared {
        private static final ServiceJar JAR = new ServiceJar();
    }

    private ServiceJar() {
        Path folder = TestFolders.create();
        jar = folder.resolve("backprop.jar");
        archive = folder.resolve("backprop.jsa");
        try {
            Path classes = Path.of(Application.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            ToolProvider.findFirst("jar")
                    .orElseThrow()
                    .run(System.out, System.err, "-c", "-0", "-f", jar.toString(), "-C", classes.toString(), ".");
            Path log = folder.resolve("log");
            new ProcessBuilder(Stream.of(
                                    List.of(java(), "-XX:ArchiveClassesAtExit=" + archive),
                                    START_OPTIONS,
                                    List.of("-Dspring.context.exit=onRefresh", "-cp", classPath()),
                                    List.of(Application.class.getName(), "--backprop.store.folder=" + folder))
                            .flatMap(List::stream)
                            .toList())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start()
                    .waitFor();
            assertThat(archive).as(Files.readString(log)).exists();
        } catch (IOException | URISyntaxException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Returns the command that runs the service, up to the name of the main class. */
    static List<String> command() {
        List<String> command = new ArrayList<>(List.of(java(), "-XX:SharedArchiveFile=" + Shared.JAR.archive));
        command.addAll(START_OPTIONS);
        command.addAll(List.of("-cp", Shared.JAR.classPath()));
        return command;
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private String classPath() {
        Stream<String> libraries = Stream.of(
                        System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(path -> path.endsWith(".jar"));
        return Stream.concat(Stream.of(jar.toString()), libraries).collect(Collectors.joining(File.pathSeparator));
    }
}
