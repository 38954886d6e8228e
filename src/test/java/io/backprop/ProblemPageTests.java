package io.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.backprop.web.problem.ProblemType;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every problem type of the service has a page, and every page belongs to a problem type. */
class ProblemPageTests extends ServiceTestBase {

    private static final Path PAGES = Path.of("src/main/resources/problems");

    @Test
    void everyTypeHasAPage() throws ReflectiveOperationException {
        String index = get("/problems").body();
        for (ProblemType type : types().values()) {
            HttpResponse<String> page = get("/problems/" + type.slug());

            assertThat(page.statusCode()).as(type.slug()).isEqualTo(200);
            assertThat(header(page, "Content-Type")).startsWith("text/html");
            assertThat(page.body())
                    .contains(
                            "<title>" + type.title(), "Status " + type.status().value(), "What to do")
                    .contains("href=\"/problems/page.css\"")
                    .doesNotContain("style>", "style=", "script"); // not permitted by the Content-Security-Policy
            assertThat(index).contains("\"/problems/" + type.slug() + "\">" + type.title());
        }
    }

    @Test
    void pagesHaveAStyleSheet() {
        HttpResponse<String> sheet = get("/problems/page.css");

        assertThat(sheet.statusCode()).isEqualTo(200);
        assertThat(header(sheet, "Content-Type")).startsWith("text/css");
    }

    @Test
    void everyPageHasAType() throws IOException, ReflectiveOperationException {
        try (Stream<Path> pages = Files.list(PAGES)) {
            assertThat(pages.map(page -> page.getFileName().toString())
                            .filter(name -> name.endsWith(".html"))
                            .map(name -> name.replace(".html", ""))
                            .filter(slug -> !slug.equals("index")))
                    .containsExactlyInAnyOrderElementsOf(types().keySet());
        }
    }

    private static Map<String, ProblemType> types() throws ReflectiveOperationException {
        Map<String, ProblemType> types = new TreeMap<>();
        var fields = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages("io.backprop").stream()
                        .flatMap(type -> type.getFields().stream())
                        .filter(field -> field.getRawType().isEquivalentTo(ProblemType.class))
                        .filter(field ->
                                field.getModifiers().contains(com.tngtech.archunit.core.domain.JavaModifier.STATIC))
                        .map(JavaField::reflect)
                        .toList();
        for (var field : fields) {
            field.setAccessible(true);
            ProblemType type = (ProblemType) field.get(null);
            ProblemType other = types.put(type.slug(), type);
            assertThat(other).isIn(null, type);
        }
        return types;
    }
}
