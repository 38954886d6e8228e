package io.backprop.spark;

import static java.util.Objects.requireNonNull;

import io.backprop.driver.CheckpointPacket;
import io.backprop.driver.FitReport;
import io.backprop.driver.Preparation;
import io.backprop.driver.ProgressAnswer;
import io.backprop.driver.ProgressReport;
import io.backprop.driver.ResultPacket;
import io.backprop.driver.TrainingClaim;
import io.backprop.driver.TrainingResultReport;
import io.backprop.engine.Calibration;
import io.backprop.engine.Ensemble;
import io.backprop.engine.EpochReport;
import io.backprop.engine.Examples;
import io.backprop.engine.GradientSource;
import io.backprop.engine.Matrix;
import io.backprop.engine.Metric;
import io.backprop.engine.Network;
import io.backprop.engine.StopReason;
import io.backprop.engine.TargetKind;
import io.backprop.engine.Threads;
import io.backprop.engine.Trainer;
import io.backprop.engine.TrainingDivergedException;
import io.backprop.engine.TrainingListener;
import io.backprop.engine.TrainingResult;
import io.backprop.engine.TrainingState;
import io.backprop.spark.Claim.Stop;
import io.backprop.tabular.FittedTable;
import io.backprop.tabular.Scaling;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A training that this driver has claimed, from the preparation of its table to its result. */
final class ClaimedTraining extends ClaimedWork implements TrainingListener {
    /*
     * The thread of the driver trains; the one that renews the claim reads the last epoch. All requests but the renewals wait
     * until the service is available, since a result may have taken hours; the claim may be lost meanwhile, which the service
     * says with the next answer. A checkpoint is the exception: if it can't be sent, the next one is sent later.
     */

    private static final Logger log = LoggerFactory.getLogger(ClaimedTraining.class);
    private static final String CHECKPOINT_INTERVAL = "spark.backprop.checkpointInterval";

    private final TrainingClaim training;
    private final String folder; // of its files
    private final String tables;
    private final Threads threads = Threads.of(Runtime.getRuntime().availableProcessors());
    private final long start = System.nanoTime();
    private final long checkpointNanos;
    private long nextCheckpoint;
    private CompletableFuture<Void> lastCheckpoint = CompletableFuture.completedFuture(null);
    private final List<EpochReport> history = new ArrayList<>();
    private volatile @Nullable EpochReport lastEpoch;
    private @Nullable PreparedTable table;
    private int plannedEpochs; // once it is prepared

    /** @param tables address of the folder of all tables */
    ClaimedTraining(TrainingClaim training, ServiceClient service, SparkSession session, String tables) {
        super(
                "training %d of model %s".formatted(training.training(), training.model()),
                "/models/%s/trainings/%d".formatted(training.model(), training.training()),
                training.lease(),
                service,
                session);
        this.training = training;
        this.folder = TrainingWork.folder(training.model(), training.training());
        this.tables = tables;
        this.checkpointNanos = TimeUnit.MILLISECONDS.toNanos(spark.getConf().getTimeAsMs(CHECKPOINT_INTERVAL, "30s"));
        this.nextCheckpoint = start + checkpointNanos;
    }

    @Override
    void close(boolean over) {
        try {
            if (over) {
                deleteFiles();
            }
        } finally {
            if (table != null) {
                table.close();
            }
        }
    }

    private void deleteFiles() {
        try {
            if (table != null) {
                table.delete();
            } else {
                PreparedTable.deleteLeftovers(session, tables, folder::equals);
            }
        } catch (IOException e) { // the next driver tries it again
            log.warn("The files of {} are not deleted: {}", name, e.getMessage());
        }
    }

    @Override
    @Nullable
    Stop renew() {
        ProgressReport report = new ProgressReport(training.lease(), lastEpoch, seconds());
        ProgressAnswer answer = service.send("PUT", path("progress"), report, ProgressAnswer.class);
        if (answer.cancel() == null) {
            return null;
        }
        return switch (answer.cancel()) {
            case KEEP -> Stop.KEEP;
            case DISCARD -> Stop.DISCARD;
        };
    }

    private double seconds() {
        return training.seconds() + (System.nanoTime() - start) / 1e9;
    }

    @Override
    void carryOut() throws IOException {
        PreparedTable prepared = prepare();
        table = prepared;
        Examples validation = prepared.validation();
        Preparation preparation = prepared.preparation();
        plannedEpochs = preparation.plan().epochs();
        Trainer trainer = trainer(prepared, validation);
        TrainingResult result;
        String error = null;
        try {
            result = trainer.train(this);
        } catch (TrainingDivergedException e) {
            result = e.best().orElseThrow(() -> e);
            error = "%s; the parameters of epoch %d, the best one, are published"
                    .formatted(e.getMessage(), result.bestEpoch());
        }
        lastCheckpoint.join();
        Stop stop = claim().stop();
        if (result.stopReason() == StopReason.CANCELLED && stop != Stop.KEEP) {
            if (stop == Stop.SHUTDOWN) {
                sendCheckpoint(new CheckpointPacket(trainer.state(), history));
            }
            throw new Claim.StoppedException(name, requireNonNull(stop));
        }
        sendResult(result, error, preparation, validation);
    }

    private PreparedTable prepare() throws IOException {
        TableFolder source = new TableFolder(tables, training.table());
        Preparation known = training.preparation();
        int partitions = PreparedTable.partitions(session);
        return known == null
                ? PreparedTable.fit(session, source, folder, training.options(), partitions, this::prepare)
                : PreparedTable.resume(session, source, folder, known, partitions);
    }

    private Preparation prepare(FittedTable fitted) {
        FitReport report = new FitReport(training.lease(), fitted);
        return claim().untilAvailable(() -> service.send("PUT", path("preparation"), report, Preparation.class));
    }

    private Trainer trainer(PreparedTable prepared, @Nullable Examples validation) {
        Preparation preparation = prepared.preparation();
        Network network = Network.from(claim().untilAvailable(() -> service.getBytes(withLease("network"))));
        GradientSource gradients = new ClusterGradients(session, prepared, network.spec());
        Trainer trainer;
        if (training.checkpoint()) {
            CheckpointPacket checkpoint = checkpoint(network);
            checkpoint.history().forEach(this::add);
            trainer = Trainer.resume(network.spec(), checkpoint.state(), preparation.plan(), gradients, validation);
        } else {
            trainer = Trainer.start(network, preparation.plan(), gradients, validation);
        }
        Scaling targets = preparation.rows().columns().targets();
        return trainer.withTargets(preparation.target(), targets::invert)
                .measuring(preparation.target().keyMetric())
                .withoutHistory() // which is recorded here
                .using(threads);
    }

    private String withLease(String resource) {
        return "%s?lease=%d".formatted(path(resource), training.lease());
    }

    private CheckpointPacket checkpoint(Network network) {
        byte[] bytes = claim().untilAvailable(() -> service.getBytes(withLease("checkpoint")));
        try {
            return CheckpointPacket.read(
                    new ByteArrayInputStream(bytes), network.spec().parameterCount(), plannedEpochs);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // truncated
        }
    }

    @Override
    public void epochEnded(EpochReport report, Supplier<Network> network) {
        add(report);
    }

    private void add(EpochReport report) {
        history.add(report);
        lastEpoch = report;
    }

    @Override
    public @Nullable StopReason stopRequested(Supplier<TrainingState> state) {
        if (claim().stop() != null) {
            return StopReason.CANCELLED;
        }
        long now = System.nanoTime();
        if (now - start >= training.timeLeftSeconds() * 1e9) {
            return StopReason.TIME_LIMIT;
        }
        if (now - nextCheckpoint >= 0 && lastCheckpoint.isDone()) {
            nextCheckpoint = now + checkpointNanos;
            CheckpointPacket checkpoint = new CheckpointPacket(state.get(), history); // copies
            lastCheckpoint = CompletableFuture.runAsync(() -> sendCheckpoint(checkpoint));
        }
        return null;
    }

    /** Sends a checkpoint. If that fails, the training is not affected. */
    private void sendCheckpoint(CheckpointPacket checkpoint) {
        try {
            byte[] packet = bytes(out -> checkpoint.write(out, plannedEpochs));
            service.sendBytes("PUT", withLease("checkpoint"), packet);
        } catch (ServiceException.ClaimLost e) {
            claim().stop(Stop.LOST);
        } catch (RuntimeException | OutOfMemoryError e) {
            log.warn("{} continues without a checkpoint: {}", name, e.toString());
        }
    }

    private void sendResult(
            TrainingResult result, @Nullable String error, Preparation preparation, @Nullable Examples validation) {
        Ensemble network = Ensemble.of(result.network());
        double temperature = 1;
        List<Metric.Score> scores = List.of();
        if (validation != null) {
            if (preparation.calibrate()) {
                Matrix logits = network.logits(validation.inputs(), threads);
                temperature = Calibration.temperature(
                        network.spec().outputLayer().activation(), logits, validation.targets());
            }
            scores = scores(network.withTemperature(temperature), result, preparation, validation);
        }
        TrainingResultReport report = new TrainingResultReport(
                error == null ? result.stopReason() : StopReason.DIVERGED,
                result.bestEpoch(),
                seconds(),
                temperature,
                scores,
                error);
        ResultPacket packet = new ResultPacket(report, history, result.network().parameterVector());
        byte[] bytes = bytes(out -> packet.write(out, plannedEpochs));
        claim().untilAvailable(() -> {
            service.sendBytes("POST", withLease("result"), bytes);
            return true;
        });
    }

    /** The metrics of the validation examples, in the unit of the targets. */
    private List<Metric.Score> scores(
            Ensemble network, TrainingResult result, Preparation preparation, Examples validation) {
        Scaling scaling = preparation.rows().columns().targets();
        TargetKind kind = preparation.target();
        Matrix outputs = TrainingDivergedException.requireFinite(
                network.predict(validation.inputs(), threads), result.epochsCompleted());
        Matrix predictions = scaling.invert(outputs);
        Matrix targets = scaling.invert(validation.targets());
        return kind.metrics(targets.columns()).stream()
                .map(metric -> new Metric.Score(metric, kind.measure(metric, predictions, targets)))
                .toList();
    }

    private interface Content {
        void write(OutputStream out) throws IOException;
    }

    private static byte[] bytes(Content content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            content.write(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // not thrown by a stream into memory
        }
        return out.toByteArray();
    }
}
