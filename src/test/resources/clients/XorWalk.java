import client.ApiClient;
import client.api.ModelsApi;
import client.api.PredictionApi;
import client.api.TrainingApi;
import client.model.CreateModelRequest;
import client.model.PredictRequest;
import client.model.Predictions;
import client.model.TrainRequest;
import java.util.List;

/** Walks through exclusive or with the Java client that openapi-generator generates. */
public class XorWalk {

    public static void main(String[] arguments) throws Exception {
        ApiClient service = new ApiClient();
        service.updateBaseUri(arguments[0]);
        List<List<Float>> inputs = List.of(List.of(0f, 0f), List.of(0f, 1f), List.of(1f, 0f), List.of(1f, 1f));

        new ModelsApi(service)
                .createModel(new CreateModelRequest()
                        .id("xor-java")
                        .hiddenUnits(List.of(4))
                        .learningRate(0.5f)
                        .seed(42L));
        new TrainingApi(service)
                .train(TrainingApi.APITrainRequest.newBuilder()
                        .id("xor-java")
                        .prefer("wait=60")
                        .trainRequest(new TrainRequest()
                                .inputs(inputs)
                                .targets(List.of(0, 1, 1, 0))
                                .epochs(4000))
                        .build());
        Predictions predictions = new PredictionApi(service)
                .predict(PredictionApi.APIPredictRequest.newBuilder()
                        .id("xor-java")
                        .predictRequest(new PredictRequest().inputs(inputs))
                        .build());
        System.out.println(predictions.getPredictions());
    }
}
