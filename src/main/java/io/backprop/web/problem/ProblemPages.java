package io.backprop.web.problem;

import io.swagger.v3.oas.annotations.Hidden;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.HtmlUtils;

/** The pages that the type of a problem leads to. */
@Hidden
@RestController
class ProblemPages {

    private static final MediaType HTML = MediaType.parseMediaType("text/html;charset=utf-8");

    private static final String PAGE = """
            <!doctype html>
            <html lang="en">
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <title>%1$s</title>
            <style>body { max-width: 40rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.5 sans-serif }</style>
            <h1>%1$s</h1>
            %2$s
            </html>
            """;

    @GetMapping(ProblemType.ROOT)
    ResponseEntity<Object> all() {
        String entries = Arrays.stream(ProblemType.values())
                .map(type -> "<li><a href=\"%s/%s\">%s</a>, %d: %s"
                        .formatted(
                                ProblemType.ROOT,
                                type.slug(),
                                type.title(),
                                type.status().value(),
                                HtmlUtils.htmlEscape(type.meaning())))
                .collect(Collectors.joining("\n"));
        return page("Problems", "<ul>\n" + entries + "\n</ul>");
    }

    @GetMapping(ProblemType.ROOT + "/{slug}")
    ResponseEntity<Object> one(@PathVariable String slug) {
        return Arrays.stream(ProblemType.values())
                .filter(type -> type.slug().equals(slug))
                .findFirst()
                .map(ProblemPages::page)
                .orElseGet(ProblemPages::notFound);
    }

    private static ResponseEntity<Object> page(ProblemType type) {
        return page(type.title(), """
                <p>Status %d. %s</p>
                <p><b>What to do:</b> %s</p>
                <p><b>Example:</b> %s</p>
                <p><a href="%s">All problems</a></p>""".formatted(
                        type.status().value(),
                        HtmlUtils.htmlEscape(type.meaning()),
                        HtmlUtils.htmlEscape(type.remedy()),
                        HtmlUtils.htmlEscape(type.example()),
                        ProblemType.ROOT));
    }

    private static ResponseEntity<Object> page(String title, String content) {
        return ResponseEntity.ok().contentType(HTML).body(PAGE.formatted(title, content));
    }

    private static ResponseEntity<Object> notFound() {
        ProblemDetail problem = ProblemType.NOT_FOUND.problem("there is no problem of this name");
        return ResponseEntity.status(problem.getStatus())
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(problem);
    }
}
