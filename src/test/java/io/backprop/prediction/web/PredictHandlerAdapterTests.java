package io.backprop.prediction.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.ServiceTestBase;
import io.backprop.web.table.PredictRequest;
import jakarta.validation.Validator;
import jakarta.validation.metadata.PropertyDescriptor;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

/** Small predictions are answered as if Spring had called the controller. */
class PredictHandlerAdapterTests extends ServiceTestBase {

    /** An accepted type that the adapter leaves to Spring. */
    private static final String GENERAL = "application/json, */*";

    private String id = "";

    @BeforeEach
    void train() {
        id = create("\"hidden\": [4], \"task\": \"classification\"");
        train(id, "\"inputs\": [[0,0],[0,1],[1,0],[1,1]], \"targets\": [0,1,1,0], \"epochs\": 5");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"inputs\": [[0,1]]}",
                "{\"inputs\": [[0,1],[1,1e-3],[-0.0,1]]}",
                "{\"inputs\": [[0,1]], \"input\": 1}",
                "{\"inputs\": [[0,1]], \"inputs\": [[0,1]]}",
                "{\"inputs\": [[0,1],[0]]}",
                "{\"inputs\": [[0,1,2]]}",
                "{\"inputs\": [[0,\"1\"]]}",
                "{\"inputs\": [[0,NaN]]}",
                "{\"inputs\": [[0,1e400]]}",
                "{\"inputs\": []}",
                "{\"inputs\": null}",
                "{\"inputs\": [[0,1]]} {}",
                "{\"inputs\": [[0,1]]",
                "{\"inputs\": [[0,1]], \"missing\": [\"-\"]}",
                "{\"inputs\": [[0,1]], \"missing\": [null]}",
                "{\"inputs\": [[0,1]], \"decimal\": \"x\"}",
                "{\"rows\": [{\"a\": 1}]}",
                "{\"rows\": [{\"a\": 1}], \"missing\": [null]}",
                "{}",
                "[]",
                "null",
                "1",
                " ",
                "\u0000",
                "{\"inputs\": [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1",
            })
    void respondsAsSpringDoes(String body) {
        assertSame("/models/" + id + "/predict", body.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void respondsAsSpringDoesToInvalidUtf8() {
        assertSame("/models/" + id + "/predict", "{\"inputs\": [[0,\u00e9]]}".getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void respondsAsSpringDoesWithoutNetwork() {
        byte[] body = "{\"inputs\": [[0,1]]}".getBytes(StandardCharsets.UTF_8);
        assertSame("/models/absent/predict", body);
        assertSame("/models/%20/predict", body);
        assertSame("/models/" + create("") + "/predict", body);
    }

    /** Other constraints would have to be checked by the adapter. */
    @Test
    void onlyMissingHasConstraints(@Autowired Validator validator) {
        assertThat(validator.getConstraintsForClass(PredictRequest.class).getConstrainedProperties())
                .extracting(PropertyDescriptor::getPropertyName)
                .containsExactly("missing");
    }

    private void assertSame(String path, byte[] body) {
        HttpResponse<String> direct = predict(path, "application/json", body);
        HttpResponse<String> general = predict(path, GENERAL, body);

        assertThat(direct.body()).isEqualTo(general.body());
        assertThat(direct.statusCode()).isEqualTo(general.statusCode());
        assertThat(header(direct, "Content-Type")).isEqualTo(header(general, "Content-Type"));
    }

    private HttpResponse<String> predict(String path, String accept, byte[] body) {
        return send(request(path)
                .header("Content-Type", "application/json")
                .header("Accept", accept)
                .header("X-Request-Id", "the-same")
                .POST(BodyPublishers.ofByteArray(body)));
    }
}
