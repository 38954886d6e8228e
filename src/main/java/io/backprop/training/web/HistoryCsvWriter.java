package io.backprop.training.web;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
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
        List<String> header = new ArrayList<>(List.of("epoch", "loss", "validation_loss"));
        List<@Nullable List<Double>> columns = new ArrayList<>(List.of(history.loss()));
        columns.add(history.validationLoss());
        if (history.validationMetrics() != null) {
            history.validationMetrics().forEach((name, values) -> {
                header.add("validation_" + name);
                columns.add(values);
            });
        }
        csv.writeRecord(header);
        String[] row = new String[header.size()];
        for (int i = 0; i < history.loss().size(); i++) {
            row[0] = Integer.toString(i + 1);
            for (int column = 0; column < columns.size(); column++) {
                row[column + 1] = cell(columns.get(column), i);
            }
            csv.writeRecord(row);
        }
        csv.flush();
    }

    private static String cell(@Nullable List<Double> values, int index) {
        return values == null || !Double.isFinite(values.get(index))
                ? ""
                : values.get(index).toString();
    }
}
