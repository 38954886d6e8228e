package io.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/**
 * Trainings whose process ends under way and is started again. How often it is killed tells the system property {@code
 * backprop.training.kills}.
 */
class TrainingKillTests {

    private static final int KILLS = Integer.getInteger("backprop.training.kills", 3);
    private static final int EPOCHS = 600;
    private static final String CHECKPOINTS = "-Dbackprop.training.checkpoint-interval=PT0.2S";

    private final Path store = TestFolders.create();

    private static String uninterrupted() throws Exception {
        try (ChildService service = ChildService.start()) {
            LongTraining training = new LongTraining("calm", EPOCHS);
            assertThat(training.begin(service, "wait=60").get().statusCode()).isEqualTo(200);
            return training.result(service);
        }
    }

    @Test
    void killedTrainingEndsWithTheBitsOfOneThatWasNot() throws Exception {
        String expected = uninterrupted();
        Random random = new Random();
        int trainings = 1;
        int resumed = 0;
        LongTraining training = new LongTraining("killed1", EPOCHS);
        boolean begun = false;
        for (int kill = 0; kill < KILLS; kill++) {
            try (ChildService service = ChildService.start(store, CHECKPOINTS)) {
                if (begun && training.isOver(service)) {
                    assertThat(training.result(service)).isEqualTo(expected);
                    trainings++;
                    training = new LongTraining("killed" + trainings, EPOCHS);
                    begun = false;
                }
                if (!begun) {
                    assertThat(training.begin(service, "respond-async").get().statusCode())
                            .isEqualTo(202);
                    begun = true;
                }
                Thread.sleep(random.nextInt(2_000));
                service.kill();
                resumed += goesOn(service) ? 1 : 0;
            }
        }
        try (ChildService service = ChildService.start(store, CHECKPOINTS)) {
            training.awaitEnd(service);
            assertThat(training.result(service)).isEqualTo(expected);
            resumed += goesOn(service) ? 1 : 0;
        }
        System.out.printf(
                "%d kills in %d trainings, which went on from a checkpoint %d times%n", KILLS, trainings, resumed);
    }

    private static boolean goesOn(ChildService service) {
        return service.output().matches("(?s).*goes on after epoch [1-9].*");
    }

    @Test
    void terminatedServiceAnswersWhoWaitsAndGoesOnAtTheNextStart() throws Exception {
        LongTraining training = new LongTraining("ended", EPOCHS);
        int reached;
        try (ChildService service = ChildService.start(store)) {
            CompletableFuture<HttpResponse<String>> answer = training.begin(service, "wait=60");
            training.awaitEpoch(service, 1);

            Duration end = service.terminate();

            assertThat(answer.get().statusCode()).isEqualTo(202);
            reached = LongTraining.json(answer.get()).path("epochsCompleted").asInt();
            System.out.printf("SIGTERM to exit: %d ms%n", end.toMillis());
            assertThat(end).isLessThan(Duration.ofSeconds(20));
        }
        try (ChildService service = ChildService.start(store)) {
            training.awaitEnd(service);
            assertThat(service.output()).matches("(?s).*goes on after epoch [1-9].*");
            assertThat(training.training(service).path("epochsCompleted").asInt())
                    .isEqualTo(EPOCHS)
                    .isGreaterThanOrEqualTo(reached);
            assertThat(training.result(service)).isEqualTo(uninterrupted());
        }
    }
}
