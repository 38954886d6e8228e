package io.backprop.openinference.web;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.backprop.openinference.InferenceStatistics.VersionStatistics;
import io.backprop.openinference.ModelStatistics;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.stream.Stream;

/** The inferences of this process by version of a model. */
@Schema(name = "InferenceStatistics")
record StatisticsResponse(@JsonProperty("model_stats") List<ModelStats> modelStats) {

    @Schema(name = "ModelStatistics")
    record ModelStats(
            String name,
            String version,
            @JsonProperty("last_inference") long lastInference,
            @JsonProperty("inference_count") long inferenceCount,
            @JsonProperty("execution_count") long executionCount,
            @JsonProperty("inference_stats") Phases inferenceStats,
            @JsonProperty("batch_stats") List<String> batchStats) {

        static ModelStats of(VersionStatistics version) {
            ModelStatistics statistics = version.statistics();
            return new ModelStats(
                    version.id(),
                    Long.toString(version.version()),
                    statistics.lastInference(),
                    statistics.inferences(),
                    statistics.executions(),
                    Phases.of(statistics),
                    List.of());
        }
    }

    @Schema(name = "InferencePhases")
    record Phases(
            CountAndTime success,
            CountAndTime fail,
            CountAndTime queue,
            @JsonProperty("compute_input") CountAndTime computeInput,
            @JsonProperty("compute_infer") CountAndTime computeInfer,
            @JsonProperty("compute_output") CountAndTime computeOutput,
            @JsonProperty("cache_hit") CountAndTime cacheHit,
            @JsonProperty("cache_miss") CountAndTime cacheMiss) {

        private static final CountAndTime NONE = new CountAndTime(0, 0);

        static Phases of(ModelStatistics statistics) {
            return new Phases(
                    CountAndTime.of(statistics.success()),
                    CountAndTime.of(statistics.fail()),
                    CountAndTime.of(statistics.queue()),
                    CountAndTime.of(statistics.computeInput()),
                    CountAndTime.of(statistics.computeInfer()),
                    CountAndTime.of(statistics.computeOutput()),
                    NONE,
                    NONE);
        }
    }

    @Schema(name = "CountAndTime")
    record CountAndTime(long count, long ns) {

        static CountAndTime of(ModelStatistics.Duration duration) {
            return new CountAndTime(duration.count(), duration.nanos());
        }
    }

    static StatisticsResponse of(Stream<VersionStatistics> versions) {
        return new StatisticsResponse(versions.map(ModelStats::of).toList());
    }
}
