package io.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Trainings whose process is killed or terminated and restarted. The system properties {@code test.training.kills} and
 * {@code test.training.terminations} set how many of each; if the latter is set, the time to exit is checked as well,
 * which needs an idle machine.
 */
@Execution(ExecutionMode.CONCURRENT)
@ExtendWith(SeededRandom.class)
class TrainingKillTests {

    private static final int TRAININGS = Integer.getInteger("test.training.kills", 1);
    private static final int TERMINATIONS = Integer.getInteger("test.training.terminations", 1);
    private static final int EPOCHS = 600;
    private static final String CHECKPOINTS = "-Dbackprop.training.checkpoint-interval=PT0.2S";

    @Test
    void killedTrainingsEndWithTheBitsOfAnUninterruptedOne(Random random) throws Exception {
        Path store = TestFolders.create();
        List<String> results = new ArrayList<>();
        int kills = 0;
        int resumedTrainings = 0;
        ChildService service = ChildService.start(store, CHECKPOINTS);
        try {
            while (results.size() < TRAININGS) {
                LongTraining training = new LongTraining("killed" + results.size(), EPOCHS);
                training.start(service);
                int epoch = 0;
                do { // a quarter of them are killed more than once
                    epoch += EPOCHS / 6 + random.nextInt(EPOCHS / 3); // usually after a checkpoint
                    training.awaitEpoch(service, epoch);
                    service.kill();
                    kills++;
                    service = ChildService.start(store, CHECKPOINTS);
                } while (epoch < EPOCHS / 2 && random.nextInt(4) == 0);
                training.awaitEnd(service);
                resumedTrainings += resumed(service) ? 1 : 0;
                results.add(training.result(service));
            }
            assertThat(results).containsOnly(uninterrupted(service));
        } finally {
            service.close();
        }
        System.out.printf(
                "%d trainings, killed %d times, all with the same bits; %d resumed from a checkpoint%n",
                TRAININGS, kills, resumedTrainings);
    }

    @Test
    void killedTrainingOfAnEnsembleEndsWithTheBitsOfAnUninterruptedOne(Random random) throws Exception {
        Path store = TestFolders.create();
        LongTraining training = LongTraining.byFold("killed", EPOCHS / 3, 3);
        ChildService service = ChildService.start(store, CHECKPOINTS);
        try {
            training.start(service);
            training.awaitEpoch(service, EPOCHS / 3 + random.nextInt(EPOCHS / 2)); // a network is completed
            service.kill();
            service = ChildService.start(store, CHECKPOINTS);
            training.awaitEnd(service);
            LongTraining calm = LongTraining.byFold("calm", EPOCHS / 3, 3);
            calm.start(service);
            calm.awaitEnd(service);
            assertThat(training.training(service).path("epochsCompleted").asInt())
                    .isEqualTo(EPOCHS);
            assertThat(resumed(service)).isTrue();
            assertThat(training.result(service)).isEqualTo(calm.result(service));
        } finally {
            service.close();
        }
    }

    private static String uninterrupted(ChildService service) throws Exception {
        LongTraining training = new LongTraining("calm", EPOCHS);
        training.start(service);
        training.awaitEnd(service);
        return training.result(service);
    }

    private static boolean resumed(ChildService service) {
        return service.output().matches("(?s).*Training resumed: [^\n]* epochsCompleted=[1-9].*");
    }

    @Test
    void terminatedServiceAnswersWaitingClientsAndResumesAtTheNextStart() throws Exception {
        LongTraining training = new LongTraining("ended", EPOCHS);
        List<Long> millis = new ArrayList<>();
        int reached = 0;
        Path folder = TestFolders.create();
        for (int i = 0; i < TERMINATIONS; i++) {
            folder = i == 0 ? folder : TestFolders.create();
            try (ChildService service = ChildService.start(folder)) {
                CompletableFuture<HttpResponse<String>> answer = training.start(service, "wait=60");
                training.awaitEpoch(service, 1);

                millis.add(service.terminate().toMillis());

                assertThat(answer.get().statusCode()).isEqualTo(202);
                reached =
                        LongTraining.json(answer.get()).path("epochsCompleted").asInt();
            }
        }
        Collections.sort(millis);
        System.out.printf("SIGTERM to exit: %s ms%n", millis);
        if (System.getProperty("test.training.terminations") != null) {
            assertThat(millis).allMatch(end -> end < 20_000);
        }
        try (ChildService service = ChildService.start(folder)) {
            training.awaitEnd(service);
            assertThat(resumed(service)).isTrue();
            assertThat(training.training(service).path("epochsCompleted").asInt())
                    .isEqualTo(EPOCHS)
                    .isGreaterThanOrEqualTo(reached);
            assertThat(training.result(service)).isEqualTo(uninterrupted(service));
        }
    }
}
