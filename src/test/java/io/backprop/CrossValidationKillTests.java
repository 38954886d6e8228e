package io.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** Cross-validations whose folds are interrupted, and shared by replicas. With properties, more of both. */
@ExtendWith(SeededRandom.class)
class CrossValidationKillTests {

    private static final int KILLS = Integer.getInteger("test.fold.kills", 2);
    private static final int SHARED_EPOCHS = Integer.getInteger("test.fold.epochs", 20);
    private static final int FOLDS = 3;
    private static final int SHARED_FOLDS = 30;
    private static final int EPOCHS = 150;
    private static final String CHECKPOINTS = "-Dbackprop.training.checkpoint-interval=PT0.2S";

    /** Everything that must not depend on interruptions. */
    private static String result(LongTraining training, ChildService service) {
        JsonNode ended = training.training(service);
        return ended.path("state") + "\n" + ended.path("epochsCompleted") + "\n" + ended.path("crossValidation") + "\n"
                + training.history(service);
    }

    private static String uninterrupted(ChildService service, int epochs, int folds) {
        LongTraining calm = LongTraining.crossValidation("calm", epochs, folds);
        calm.start(service);
        calm.awaitEnd(service);
        return result(calm, service);
    }

    @Test
    void killedCrossValidationEndsWithTheBitsOfAnUninterruptedOne(Random random) throws Exception {
        Path store = TestFolders.create();
        LongTraining training = LongTraining.crossValidation("killed", EPOCHS, FOLDS);
        ChildService service = ChildService.start(store, CHECKPOINTS);
        boolean resumed = false;
        try {
            training.start(service);
            for (int kill = 1; kill <= KILLS; kill++) {
                training.awaitEpoch(service, kill * FOLDS * EPOCHS / (KILLS + 2) + random.nextInt(EPOCHS / 3));
                service.kill();
                service = ChildService.start(store, CHECKPOINTS);
                resumed |= service.output().contains("resumes after epoch");
            }
            training.awaitEnd(service);
            resumed |= service.output().contains("resumes after epoch");

            assertThat(resumed).isTrue();
            assertThat(training.training(service).path("state").asString()).isEqualTo("succeeded");
            assertThat(result(training, service)).isEqualTo(uninterrupted(service, EPOCHS, FOLDS));
        } finally {
            service.close();
        }
    }

    private static ChildService replica(String url) throws Exception {
        return ChildService.start(
                "-Dspring.datasource.url=" + url,
                "-Dbackprop.training.workers=1",
                "-Dbackprop.search.workers=1",
                CHECKPOINTS);
    }

    @Test
    void replicasShareTheFolds() throws Exception {
        String url = Postgres.shared().newDatabase();
        try (ChildService first = replica(url);
                ChildService second = replica(url)) {
            LongTraining shared = LongTraining.crossValidation("shared", SHARED_EPOCHS, SHARED_FOLDS);
            shared.start(first);
            shared.awaitEnd(second);

            JsonNode ended = shared.training(first);
            double ideal = ended.path("seconds").asDouble() / 2;
            double makespan = Duration.between(
                                    Instant.parse(ended.path("startedAt").asString()),
                                    Instant.parse(ended.path("finishedAt").asString()))
                            .toMillis()
                    / 1e3;
            long ofFirst = Math.round(epochs(first) / SHARED_EPOCHS);
            System.out.printf(
                    "%d folds: %d on the first replica, %.1f s, %.2f times as long as ideal%n",
                    SHARED_FOLDS, ofFirst, makespan, makespan / ideal);
            assertThat(ended.path("state").asString()).isEqualTo("succeeded");
            assertThat(ofFirst).isBetween(SHARED_FOLDS / 3L, SHARED_FOLDS * 2L / 3);
        }
    }

    private static double epochs(ChildService service) {
        return LongTraining.metric(service, "backprop.training.epochs");
    }

    @Test
    void frozenReplicaLosesItsFoldAndStoresNothing() throws Exception {
        String url = Postgres.shared().newDatabase();
        try (ChildService first = replica(url);
                ChildService second = replica(url)) {
            LongTraining training = LongTraining.crossValidation("frozen", EPOCHS, FOLDS);
            training.start(first);
            Await.until(() -> epochs(first) > 0);
            first.signal("STOP");

            training.awaitEnd(second);
            first.signal("CONT");

            String ended = result(training, second);
            assertThat(second.output()).contains("resumes after epoch");
            assertThat(ended).isEqualTo(uninterrupted(second, EPOCHS, FOLDS));
            assertThat(result(training, first)).isEqualTo(ended);
        }
    }
}
