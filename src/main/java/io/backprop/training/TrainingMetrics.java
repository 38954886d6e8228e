package io.backprop.training;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.springframework.stereotype.Component;

/** Metrics of the trainings that run, or have run, in this process, and of what drivers have reported to it. */
@Component
class TrainingMetrics {
    /*
     * Small networks complete millions of epochs per second. Epochs are therefore counted from the histories of the running
     * trainings, when the metrics are read.
     */

    private final ConcurrentMap<TrainingRun, Integer> counted =
            new ConcurrentHashMap<>(); // epochs of running trainings
    private final LongAdder epochs = new LongAdder();
    private final LongAdder examples = new LongAdder();
    private final Counter started;
    private final Counter resumed;
    private final Timer queueTime;
    private final MeterProvider<Timer> time;

    TrainingMetrics(TrainingProperties properties, MeterRegistry registry) {
        started = attempts("started", registry);
        resumed = attempts("resumed", registry);
        queueTime = Timer.builder("backprop.training.queue.time")
                .description("Time from the request to the start of a training")
                .serviceLevelObjectives(
                        Duration.ofMillis(100),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(10),
                        Duration.ofMinutes(1),
                        Duration.ofMinutes(10),
                        Duration.ofHours(1))
                .register(registry);
        time = Timer.builder("backprop.training.time")
                .description("Time spent on trainings that have ended")
                .withRegistry(registry);
        FunctionCounter.builder("backprop.training.epochs", this, metrics -> metrics.total(metrics.epochs))
                .description("Completed epochs")
                .register(registry);
        FunctionCounter.builder("backprop.training.examples", this, metrics -> metrics.total(metrics.examples))
                .description("Examples trained on, each counted once per epoch")
                .register(registry);
        TimeGauge.builder(
                        "backprop.training.checkpoint.age", this, TimeUnit.NANOSECONDS, TrainingMetrics::checkpointAge)
                .description(
                        "Work of a running training that a crash would lose, of the training for which this is longest")
                .register(registry);
        Gauge.builder("backprop.training.queue.limit", properties, TrainingProperties::queue)
                .description("Trainings that may be queued")
                .register(registry);
    }

    private static Counter attempts(String start, MeterRegistry registry) {
        return Counter.builder("backprop.training.attempts")
                .description("Trainings that have been started, or resumed after an interruption")
                .tag("start", start)
                .register(registry);
    }

    void started(TrainingRun run, LeasedTraining leased) {
        Training training = leased.training();
        PartedTraining.Assignment part = leased.part();
        boolean resumes = part == null ? leased.lease().token() > 1 : leased.attempts() > 1;
        boolean starts = part == null
                ? training.kind() == Training.Kind.TRAINING
                : part.number() == 0 && part.stage() == 0; // the other parts, and what follows, belong to the same one
        if (resumes) {
            resumed.increment();
        } else if (starts) {
            started.increment();
            if (training.startedAt() != null) {
                queueTime.record(Duration.between(training.queuedAt(), training.startedAt()));
            }
        }
        counted.put(run, completedEpochs(run));
    }

    /**
     * Counts the claim of a driver.
     *
     * @param first whether no other driver has claimed the training before
     */
    void claimed(Training training, boolean first) {
        (first ? started : resumed).increment();
        if (first && training.startedAt() != null) {
            queueTime.record(Duration.between(training.queuedAt(), training.startedAt()));
        }
    }

    /**
     * Counts what a driver has done.
     *
     * @param completed epochs since the last report; not counted if negative, because a driver repeats them
     */
    void progressed(long rows, int completed) {
        if (completed > 0) {
            epochs.add(completed);
            examples.add(rows * completed);
        }
    }

    void stopped(TrainingRun run) {
        count(run);
        counted.remove(run);
    }

    /** Counts a training that has ended. */
    void ended(Training.Kind kind, Training.State state, Duration worked) {
        time.withTags(
                        "kind",
                        kind.name().toLowerCase(Locale.ROOT),
                        "state",
                        state.name().toLowerCase(Locale.ROOT))
                .record(worked);
    }

    private double total(LongAdder sum) {
        counted.keySet().forEach(this::count);
        return sum.sum();
    }

    private void count(TrainingRun run) {
        counted.computeIfPresent(run, (key, before) -> {
            int now = completedEpochs(run);
            epochs.add(now - before);
            examples.add(run.training().examples() * (now - before));
            return now;
        });
    }

    private static int completedEpochs(TrainingRun run) {
        return run.history().loss().size();
    }

    private double checkpointAge() {
        return counted.keySet().stream()
                .mapToLong(run -> run.checkpointAge().toNanos())
                .max()
                .orElse(0);
    }
}
