package io.backprop.spark;

import io.backprop.driver.CsvPredictionWriter;
import io.backprop.engine.Matrix;
import io.backprop.tabular.CellRules;
import io.backprop.tabular.RowEncoder;
import io.backprop.tabular.RowEncoder.Batch;
import io.backprop.tabular.TableException;
import io.backprop.tabular.TableScorer;
import io.backprop.tabular.Warnings;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.TaskKilledException;

/** Writes a part of a table with its predictions as CSV, as the service answers it. */
final class ScoredCsv {

    private final TableScorer scorer;
    private final CellRules rules;
    private long rows;

    ScoredCsv(TableScorer scorer, CellRules rules) {
        this.scorer = scorer;
        this.rules = rules;
    }

    /**
     * Writes a file with a name that no other attempt has.
     *
     * @param folder must exist
     * @param end receives the report about the rows, after the last of them
     * @return the name of the file; empty if the part has no rows
     */
    Optional<String> write(TablePart part, Path folder, Configuration hadoop, Consumer<PartReport> end) {
        Path file = new Path(folder, UUID.randomUUID() + ".csv");
        try {
            FileSystem system = file.getFileSystem(hadoop);
            PartReport report;
            try (OutputStream out =
                    new BufferedOutputStream(system.createFile(file).build())) {
                report = write(part, out);
            }
            end.accept(report);
            return report.rows() > 0 ? Optional.of(file.getName()) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private PartReport write(TablePart part, OutputStream out) {
        CsvPredictionWriter writer =
                new CsvPredictionWriter(scorer, rules.format().decimalComma(), out, bytes -> {});
        Warnings warnings = new Warnings();
        RowEncoder encoder = new RowEncoder(
                scorer.expectedColumns(false), rules, warnings, batch -> predict(batch, writer.endBatch()));
        String failure = "";
        try {
            TablePart.Rows source = part.open(writer.tap(encoder));
            boolean isEmpty = true;
            while (source.next()) {
                isEmpty = false;
            }
            if (!isEmpty) {
                encoder.finish();
            }
        } catch (TableException e) {
            failure = e.getMessage();
        }
        List<String> all = Stream.concat(writer.warnings().stream(), warnings.toList().stream())
                .toList();
        return new PartReport(TaskContext.getPartitionId(), rows, all, failure);
    }

    private void predict(Batch batch, Consumer<Matrix> receiver) {
        if (TaskContext.get().isInterrupted()) {
            throw new TaskKilledException();
        }
        rows += batch.inputs().rows();
        receiver.accept(scorer.predict(batch.inputs()));
    }
}
