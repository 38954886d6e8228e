package io.backprop.training;

import static io.backprop.training.TestModels.command;
import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.Await;
import io.backprop.engine.Ensemble;
import io.backprop.engine.EpochReport;
import io.backprop.engine.Matrix;
import io.backprop.engine.Network;
import io.backprop.engine.Threads;
import io.backprop.engine.Trainer;
import io.backprop.engine.TrainingListener;
import io.backprop.engine.TrainingPlan;
import io.backprop.model.Model;
import io.backprop.tabular.Preprocessing;
import io.backprop.tabular.Targets;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class LiveCopyTests {

    private final Model model = TestModels.untrained(null, Preprocessing.NONE);
    private final ExampleSource.Fitted fitted = new MatrixSource(
                    Matrix.wrap(2, 1, new float[] {1, 2}),
                    new Targets.Numbers(Matrix.wrap(2, 1, new float[] {1, 3})),
                    null)
            .fit(model, command(), size -> {});
    private final TrainingStart start = new TrainingStart(model, fitted.architecture(), true);
    private final Network network = start.network(0);
    private final Ensemble ensemble = Ensemble.of(network);
    private final LiveCopy copy = new LiveCopy(start);
    private int epoch;

    /** Completes one epoch. */
    private void endEpoch(Supplier<Ensemble> supplier) {
        copy.epochEnded(++epoch, supplier);
    }

    private static Ensemble neverCopied() {
        throw new AssertionError("copied");
    }

    private LiveModel get() {
        return Objects.requireNonNull(copy.get());
    }

    /** Requests a copy, and completes epochs until one is made. */
    private LiveModel copyOfAnEpoch() {
        CompletableFuture<LiveModel> answer = CompletableFuture.supplyAsync(this::get);
        AtomicInteger copies = new AtomicInteger();
        Await.until(() -> {
            endEpoch(() -> {
                copies.incrementAndGet();
                return ensemble;
            });
            return copies.get() > 0;
        });
        return Await.result(answer);
    }

    @Test
    void trainingThatNobodyWatchesCopiesNothing() {
        AtomicInteger copies = new AtomicInteger();
        TrainingListener listener = new TrainingListener() {
            @Override
            public void epochEnded(EpochReport report, Supplier<Network> supplier) {
                copy.epochEnded(report.epoch(), () -> {
                    copies.incrementAndGet();
                    return Ensemble.of(supplier.get());
                });
            }
        };
        TrainingPlan plan = model.spec().plan().withEpochs(1_000);

        Trainer.start(network, plan, fitted.data()).using(Threads.ONE).train(listener);

        assertThat(copies).hasValue(0);
    }

    @Test
    void requestReceivesTheNextEpochAndOnlyThatIsCopied() {
        LiveModel live = copyOfAnEpoch();

        assertThat(live.epoch()).isEqualTo(epoch);
        assertThat(live.ensemble()).isSameAs(ensemble);
        assertThat(live.model().version()).isZero();
        for (int i = 0; i < 100; i++) {
            endEpoch(LiveCopyTests::neverCopied);
        }
    }

    @Test
    void requestsDuringEachEpochReceiveTheLastOneWithoutWaiting() {
        LiveModel live = copyOfAnEpoch();

        for (int i = 0; i < 100; i++) {
            assertThat(get()).isSameAs(live);
            assertThat(get()).isSameAs(live);
            endEpoch(() -> ensemble);
            live = get();
            assertThat(live.epoch()).isEqualTo(epoch);
        }
    }

    @Test
    void requestsDuringALongEpochWaitOnceAndShareWhatWasStored() {
        long begin = System.nanoTime();
        assertThat(copy.get()).isNull();
        LiveModel stored = start.live();
        copy.offer(stored);

        for (int i = 0; i < 100; i++) {
            assertThat(get()).isSameAs(stored);
        }

        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(50));
        endEpoch(() -> ensemble);
        assertThat(get().epoch()).isEqualTo(1);
    }

    @Test
    void copyIsNotReplacedByAnOlderOneFromTheStore() {
        LiveModel live = copyOfAnEpoch();

        copy.offer(start.live());

        assertThat(get()).isSameAs(live);
    }

    @Test
    void copyIsDroppedAfterAnEpochWithoutRequests() {
        copyOfAnEpoch();
        endEpoch(LiveCopyTests::neverCopied);
        LiveModel stored = start.live();

        copy.offer(stored);

        assertThat(get()).isSameAs(stored);
    }

    @Test
    void lackOfMemoryDoesNotEndTheTraining() {
        assertThat(copy.get()).isNull();
        endEpoch(() -> {
            throw new OutOfMemoryError("for a test");
        });
        assertThat(copyOfAnEpoch()).isNotNull();
    }
}
