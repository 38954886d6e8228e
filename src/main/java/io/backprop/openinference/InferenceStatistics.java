package io.backprop.openinference;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.backprop.model.Model;
import io.backprop.model.ModelDeletedEvent;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Counts the inferences of this process by version of a model. The versions used least are forgotten. */
@Component
public class InferenceStatistics {

    private static final int MAX_VERSIONS = 10_000;

    private final Cache<Version, ModelStatistics> statistics = Caffeine.newBuilder()
            .maximumSize(MAX_VERSIONS)
            .executor(Runnable::run)
            .build();
    private final Clock clock;

    InferenceStatistics(Clock clock) {
        this.clock = clock;
    }

    /** @param createdAt distinguishes successive models with the same id */
    private record Version(String id, Instant createdAt, long version) {

        static Version of(Model model) {
            return new Version(model.id(), model.createdAt(), model.version());
        }

        Version unnumbered() {
            return new Version(id, createdAt, 0);
        }
    }

    /** Records an inference for a number of rows. */
    public void succeeded(Model model, int rows, InferenceDurations durations) {
        add(model, ModelStatistics.ofSuccess(clock.instant().toEpochMilli(), rows, durations));
    }

    /**
     * Records an inference that failed.
     *
     * @param nanos from its start to its failure
     */
    public void failed(Model model, long nanos) {
        add(model, ModelStatistics.ofFailure(nanos));
    }

    private void add(Model model, ModelStatistics one) {
        statistics.asMap().merge(Version.of(model), one, ModelStatistics::plus);
    }

    /** The statistics of a version of a model. */
    public VersionStatistics of(Model model) {
        ModelStatistics recorded = statistics.getIfPresent(Version.of(model));
        return new VersionStatistics(model.id(), model.version(), recorded == null ? ModelStatistics.NONE : recorded);
    }

    /** The statistics of models: of their current versions, and of all others that have any, in rising order. */
    public Stream<VersionStatistics> of(Stream<Model> models) {
        Map<Version, SortedMap<Long, VersionStatistics>> recorded = new HashMap<>();
        statistics
                .asMap()
                .forEach((version, found) -> recorded.computeIfAbsent(version.unnumbered(), any -> new TreeMap<>())
                        .put(version.version(), new VersionStatistics(version.id(), version.version(), found)));
        return models.filter(model -> model.version() > 0).flatMap(model -> {
            SortedMap<Long, VersionStatistics> versions =
                    recorded.getOrDefault(Version.of(model).unnumbered(), new TreeMap<>());
            versions.putIfAbsent(
                    model.version(), new VersionStatistics(model.id(), model.version(), ModelStatistics.NONE));
            return versions.values().stream();
        });
    }

    /** The statistics of a version of a model. */
    public record VersionStatistics(String id, long version, ModelStatistics statistics) {}

    @EventListener
    void forget(ModelDeletedEvent event) {
        statistics.asMap().keySet().removeIf(version -> version.id().equals(event.id()));
    }
}
