package io.backprop.search.web;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import io.backprop.search.Search;
import io.backprop.search.SearchField;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes the trials of a search as CSV: a row for each, with a column for each searched setting, under its name in JSON, and
 * one for each metric. Values that are missing or not finite are empty cells; lists and objects are JSON.
 */
@Component
class TrialCsvWriter {

    private final JsonMapper json;

    TrialCsvWriter(JsonMapper json) {
        this.json = json;
    }

    void write(Search search, OutputStream out) throws IOException {
        CsvWriter csv = CsvWriter.builder()
                .lineDelimiter(LineDelimiter.LF)
                .build(new OutputStreamWriter(out, StandardCharsets.UTF_8));
        List<TrialResponse> trials = TrialListResponse.of(search).trials();
        List<String> fields = search.settings().space().domains().keySet().stream()
                .map(SearchField::id)
                .toList();
        Set<String> metrics = new TreeSet<>();
        trials.forEach(trial -> metrics.addAll(trial.metrics().keySet()));
        List<String> row = new ArrayList<>(List.of("trial", "rank", "state"));
        row.addAll(fields);
        row.addAll(List.of("rung", "epochs", "best_epoch", "loss", "validation_loss"));
        row.addAll(metrics);
        csv.writeRecord(row);
        for (TrialResponse trial : trials) {
            JsonNode values = json.valueToTree(trial);
            row.clear();
            List.of("trial", "rank", "state").forEach(name -> row.add(cell(values.get(name))));
            fields.forEach(field -> row.add(cell(values.path("configuration").get(field))));
            List.of("rung", "epochs", "bestEpoch", "loss", "validationLoss")
                    .forEach(name -> row.add(cell(values.get(name))));
            metrics.forEach(metric -> row.add(cell(values.path("metrics").get(metric))));
            csv.writeRecord(row);
        }
        csv.flush();
    }

    private static String cell(@Nullable JsonNode value) {
        if (value == null || value.isNull()) {
            return "";
        }
        return value.isContainer() ? value.toString() : value.asString();
    }
}
