package io.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The libraries of the console are the released ones, and its own sources are small, readable and run under the
 * Content-Security-Policy.
 */
class ConsoleSourcesTests {

    private static final Path ROOT = Path.of("src/main/resources/static");
    private static final Path PAGE = ROOT.resolve("index.html");
    private static final Path CONSOLE = ROOT.resolve("console");
    private static final Path VENDOR = CONSOLE.resolve("vendor");
    private static final String SUMS = "SHA256SUMS";
    private static final String LICENSE = "LICENSE-%s.txt";

    private static final int MAX_MODULES = 18; // about 15
    private static final long MAX_MODULE_BYTES = 97_000; // of all together
    private static final long MAX_FIRST_PAGE_BYTES = 220_000;
    private static final int MAX_COLUMNS = 120;

    private static final Pattern LINK = Pattern.compile("(?:href|src)=\"([^\"]+)\"");
    private static final Pattern IMPORT = Pattern.compile("^(?:import|export) [^'(]*'(\\.[^']+)'", Pattern.MULTILINE);

    /** What the policy would block, what would undo it, and other hosts except the names of XML. */
    private static final List<Pattern> FORBIDDEN = Stream.of(
                    "\\beval\\(",
                    "\\bnew Function\\b",
                    "\\b(?:inner|outer)HTML\\b",
                    "\\binsertAdjacentHTML\\b",
                    "\\bdangerouslySetInnerHTML\\b",
                    "\\bdocument\\.write\\b",
                    "\\bstyle=[\"']",
                    "<style\\b",
                    "<script(?![^>]*\\bsrc=)",
                    "\\son[a-z]+=[\"']",
                    "\\bjavascript:",
                    "\\b(?:https?|wss?)://(?!www\\.w3\\.org/)")
            .map(Pattern::compile)
            .toList();

    @Test
    void librariesAreTheReleasedOnes() throws IOException {
        Map<String, String> sums = Files.readAllLines(VENDOR.resolve(SUMS)).stream()
                .map(line -> line.split(" {2}", 2))
                .collect(Collectors.toMap(parts -> parts[1], parts -> parts[0]));

        assertThat(sums)
                .isEqualTo(libraries().collect(Collectors.toMap(ConsoleSourcesTests::nameOf, file -> sha256(file))));
    }

    @Test
    void eachLibraryHasItsLicenseBesideIt() throws IOException {
        Set<String> licenses = libraries()
                .map(ConsoleSourcesTests::nameOf)
                .map(name -> name.substring(0, name.indexOf('.')).toLowerCase(Locale.ROOT))
                .flatMap(name -> Stream.of(name.split("-"))) // htm-preact.js contains both
                .map(LICENSE::formatted)
                .collect(Collectors.toSet());

        assertThat(files(VENDOR).map(ConsoleSourcesTests::nameOf).filter(name -> name.startsWith("LICENSE")))
                .containsExactlyInAnyOrderElementsOf(licenses);
        assertThat(licenses)
                .allSatisfy(name -> assertThat(VENDOR.resolve(name))
                        .content()
                        .containsAnyOf("Apache License", "MIT License", "The MIT License"));
    }

    @Test
    void modulesAreSmall() throws IOException {
        List<Path> modules = modules().toList();

        assertThat(modules).hasSizeLessThanOrEqualTo(MAX_MODULES);
        assertThat(sizeOf(modules)).isLessThanOrEqualTo(MAX_MODULE_BYTES);
    }

    @Test
    void firstPageIsSmall() {
        Deque<Path> found = new ArrayDeque<>(linked(PAGE, LINK));
        found.removeIf(file -> !Files.exists(file)); // not a file, as Swagger UI
        assertThat(found).contains(CONSOLE.resolve("main.js"), CONSOLE.resolve("console.css"));
        found.add(CONSOLE.resolve("start.js"));
        Set<Path> loaded = new LinkedHashSet<>(Set.of(PAGE));
        while (!found.isEmpty()) {
            Path file = found.remove();
            if (loaded.add(file) && nameOf(file).endsWith(".js")) {
                found.addAll(linked(file, IMPORT));
            }
        }

        assertThat(loaded).contains(VENDOR.resolve("htm-preact.js"), CONSOLE.resolve("http.js"));
        assertThat(sizeOf(loaded)).as(loaded.toString()).isLessThanOrEqualTo(MAX_FIRST_PAGE_BYTES);
    }

    @Test
    void sourcesRunUnderThePolicyAndNameNoOtherHost() throws IOException {
        assertThat(sources()).isNotEmpty().allSatisfy(file -> {
            String content = read(file);
            for (Pattern forbidden : FORBIDDEN) {
                assertThat(forbidden.matcher(content).results().map(MatchResult::group))
                        .as(nameOf(file))
                        .isEmpty();
            }
        });
    }

    @Test
    void sourcesAreReadable() throws IOException {
        assertThat(sources()
                        .flatMap(file -> read(file)
                                .lines()
                                .filter(line ->
                                        line.length() > MAX_COLUMNS || line.contains("\t") || line.endsWith(" "))
                                .map(line -> nameOf(file) + ": " + line)))
                .isEmpty();
    }

    /** The files that a file of the console names by a relative path. */
    private static List<Path> linked(Path file, Pattern pattern) {
        return pattern.matcher(read(file))
                .results()
                .map(link -> file.resolveSibling(link.group(1)).normalize())
                .toList();
    }

    private static Stream<Path> libraries() throws IOException {
        return files(VENDOR)
                .filter(file -> !nameOf(file).equals(SUMS) && !nameOf(file).startsWith("LICENSE"));
    }

    private static Stream<Path> modules() throws IOException {
        return files(CONSOLE).filter(file -> nameOf(file).endsWith(".js"));
    }

    private static Stream<Path> sources() throws IOException {
        return Stream.concat(Stream.of(PAGE), files(CONSOLE));
    }

    private static Stream<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile).sorted().toList().stream();
        }
    }

    private static String nameOf(Path file) {
        return file.getFileName().toString();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String sha256(Path file) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (IOException | NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static long sizeOf(Iterable<Path> files) {
        long size = 0;
        for (Path file : files) {
            size += file.toFile().length();
        }
        return size;
    }
}
