package io.backprop.training.web;

import static java.util.Collections.nCopies;
import static java.util.Objects.requireNonNullElse;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes a history as CSV, one row per epoch, with a column for each validation metric after those of the losses. Values
 * that are missing or not finite are empty cells.
 */
final class HistoryCsvWriter {

    private HistoryCsvWriter() {}

    static void write(HistoryResponse history, OutputStream out) throws IOException {
        CsvWriter csv = CsvWriter.builder()
                .lineDelimiter(LineDelimiter.LF)
                .build(new OutputStreamWriter(out, StandardCharsets.UTF_8));
        Map<String, List<@Nullable Double>> columns = new LinkedHashMap<>();
        columns.put("loss", history.loss());
        columns.put(
                "validation_loss",
                requireNonNullElse(
                        history.validationLoss(), nCopies(history.loss().size(), null)));
        requireNonNullElse(history.validationMetrics(), Map.<String, List<@Nullable Double>>of())
                .forEach((name, values) -> columns.put("validation_" + name, values));
        List<String> row = new ArrayList<>(List.of("epoch"));
        row.addAll(columns.keySet());
        csv.writeRecord(row);
        for (int i = 0; i < history.loss().size(); i++) {
            row.clear();
            row.add(history.epochs().get(i).toString());
            for (List<@Nullable Double> values : columns.values()) {
                Double value = values.get(i);
                row.add(value == null || value.isInfinite() ? "" : value.toString());
            }
            csv.writeRecord(row);
        }
        csv.flush();
    }
}
