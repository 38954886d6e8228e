package io.backprop.prediction.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.backprop.driver.OutputFormat;
import io.backprop.prediction.Scoring;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The prediction for a table as JSON. */
@Schema(name = "TablePrediction")
record ScoringResponse(
        String model,
        int number,
        Scoring.State state,
        long version,
        String table,
        String output,
        OutputFormat format,
        long rows,
        @Nullable Integer files,
        Instant queuedAt,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> warnings,
        @Nullable String error) {

    static ScoringResponse of(Scoring scoring) {
        return new ScoringResponse(
                scoring.model(),
                scoring.number(),
                scoring.state(),
                scoring.version(),
                scoring.command().table(),
                scoring.command().output(),
                scoring.command().format(),
                scoring.rows(),
                scoring.files(),
                scoring.queuedAt(),
                scoring.startedAt(),
                scoring.finishedAt(),
                scoring.warnings(),
                scoring.error());
    }
}
