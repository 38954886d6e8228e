package io.backprop.training.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.Await;
import io.backprop.ServiceTestBase;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import tools.jackson.databind.JsonNode;

/** The lines of the log about trainings: one at the end of each. */
@ExtendWith(OutputCaptureExtension.class)
class TrainingLogTests extends ServiceTestBase {

    private static List<String> lines(CapturedOutput output, String id) {
        return output.getOut()
                .lines()
                .filter(line -> line.contains("INFO") && line.contains("model=" + id + " "))
                .map(line -> line.substring(line.indexOf(": Training ") + 2))
                .toList();
    }

    private List<String> awaitLines(CapturedOutput output, String id, int count) {
        return Await.until(() -> lines(output, id), lines -> lines.size() >= count);
    }

    @Test
    void aTrainingHasALineAtItsEnd(CapturedOutput output) {
        String id = create("\"layerCount\": 2");
        JsonNode training =
                train(id, XOR + ", \"epochs\": 20, \"validationInputs\": [[0,0]], \"validationTargets\": [0]");

        List<String> lines = awaitLines(output, id, 1);

        assertThat(lines).hasSize(1);
        assertThat(lines.get(0))
                .startsWith(
                        ("Training ended: model=%s number=1 kind=training state=succeeded stopReason=epochs examples=4"
                                        + " epochs=20 epochsCompleted=20 seconds=")
                                .formatted(id))
                .contains(
                        " queuedSeconds=",
                        " examplesPerSecond=",
                        " loss=" + training.path("loss").doubleValue(),
                        " validationLoss=" + training.path("validationLoss").doubleValue())
                .endsWith(" version=1");
    }

    @Test
    void theLineOfAFailedTrainingSaysWhy(CapturedOutput output) {
        String id = create("\"hidden\": [], \"optimizer\": {\"type\": \"sgd\"}");
        failure(post("/models/" + id + "/train", """
                {"inputs": [[1e30],[2e30]], "targets": [1,2], "learningRate": 1e30}"""), 422, "training-diverged");

        assertThat(awaitLines(output, id, 1).get(0))
                .contains(" state=failed stopReason=diverged ", " reason=", "became infinite or NaN in epoch ");
    }

    @Test
    void crossValidationsAndCancelledTrainingsAreLogged(CapturedOutput output) {
        String id = create("\"hidden\": []");
        awaitEnd(post("/models/" + id + "/cross-validate", "{" + XOR + ", \"folds\": 2, \"epochs\": 3}"));
        String path = header(begin(id, ENDLESS), "Location");
        awaitEpoch(path);
        post(path + "/cancel", "");

        List<String> lines = awaitLines(output, id, 2);

        assertThat(lines.get(0))
                .contains(
                        " kind=cross_validation state=succeeded stopReason=epochs examples=4 epochs=6 epochsCompleted=6 ");
        assertThat(lines.get(1)).contains(" state=cancelled stopReason=cancelled ");
    }
}
