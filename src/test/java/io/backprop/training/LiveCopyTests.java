package io.backprop.training;

import static io.backprop.training.TestModels.command;
import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.Await;
import io.backprop.engine.EpochReport;
import io.backprop.engine.Matrix;
import io.backprop.engine.Network;
import io.backprop.engine.Parallelism;
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
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LiveCopyTests {

    private static final Supplier<Network> NEVER = () -> {
        throw new AssertionError("copied");
    };

    private final Model model = TestModels.untrained(null, Preprocessing.NONE);
    private final ExampleSource.Fitted fitted = new MatrixSource(
                    Matrix.wrap(2, 1, new float[] {1, 2}),
                    new Targets.Numbers(Matrix.wrap(2, 1, new float[] {1, 3})),
                    null)
            .fit(model, command(), size -> {});
    private final TrainingStart start = new TrainingStart(model, fitted.architecture(), true);
    private final Network network = start.network();
    private final LiveCopy copy = new LiveCopy(start);
    private int epoch;

    /** Completes one epoch. */
    private void endEpoch(Supplier<Network> supplier) {
        copy.epochEnded(++epoch, supplier);
    }

    private int epochOf(@Nullable LiveModel live) {
        return Objects.requireNonNull(live).epoch();
    }

    /** Asks for a copy of the end of the current epoch, and waits until somebody waits for it. */
    private CompletableFuture<LiveModel> ask() {
        CompletableFuture<LiveModel> answer =
                CompletableFuture.supplyAsync(() -> Objects.requireNonNull(copy.get(epoch)));
        AtomicInteger copies = new AtomicInteger();
        Await.until(() -> {
            endEpoch(() -> {
                copies.incrementAndGet();
                return network;
            });
            return copies.get() > 0;
        });
        return answer;
    }

    @Test
    void trainingThatNobodyWatchesCopiesNothing() {
        AtomicInteger copies = new AtomicInteger();
        TrainingListener listener = new TrainingListener() {
            @Override
            public void epochEnded(EpochReport report, Supplier<Network> supplier) {
                copy.epochEnded(report.epoch(), () -> {
                    copies.incrementAndGet();
                    return supplier.get();
                });
            }
        };
        TrainingPlan plan = model.spec().plan().withEpochs(1_000);

        Trainer.start(network, plan, fitted.data()).using(Parallelism.ONE).train(listener);

        assertThat(copies).hasValue(0);
    }

    @Test
    void requestReceivesTheNextEpochAndOnlyThatIsCopied() {
        LiveModel live = Await.result(ask());

        assertThat(live.epoch()).isEqualTo(epoch);
        assertThat(live.network()).isSameAs(network);
        assertThat(live.model().version()).isZero();
        for (int i = 0; i < 100; i++) {
            endEpoch(NEVER);
        }
    }

    @Test
    void copyIsUsedAgainUntilAnotherEpochEnds() {
        LiveModel live = Await.result(ask());

        for (int i = 0; i < 20; i++) {
            assertThat(copy.get(epoch)).isSameAs(live);
        }
        endEpoch(NEVER);
    }

    @Test
    void requestsDuringALongEpochDoNotWaitOneAfterTheOther() {
        long begin = System.nanoTime();
        assertThat(copy.get(0)).isNull();
        LiveModel stored = start.live();
        copy.offer(stored);

        for (int i = 0; i < 100; i++) {
            assertThat(copy.get(1)).isSameAs(stored);
        }

        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(50));
        endEpoch(() -> network);
        assertThat(epochOf(copy.get(1))).isEqualTo(1);
    }

    @Test
    void copyIsNotReplacedByAnOlderOneFromTheStore() {
        LiveModel live = Await.result(ask());

        copy.offer(start.live());

        assertThat(copy.get(epoch)).isSameAs(live);
    }

    @Test
    void lackOfMemoryDoesNotEndTheTraining() {
        assertThat(copy.get(0)).isNull();
        endEpoch(() -> {
            throw new OutOfMemoryError("for a test");
        });
        assertThat(Await.result(ask())).isNotNull();
    }
}
