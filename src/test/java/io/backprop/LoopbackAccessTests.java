package io.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.AccessTable.Row;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

/** No operation needs a key where the service listens on the loopback interface only. See AccessTests. */
class LoopbackAccessTests extends ServiceTestBase {

    @Test
    void tableListsEveryOperationAndEndpoint() {
        AccessTable.assertLists(new OpenApiDocument(json(get("/v3/api-docs"), 200)), true);
        AccessTable.assertLists(json(get("/actuator"), 200));
    }

    @Test
    void noOperationNeedsAKey() {
        for (Row row : AccessTable.rows()) {
            for (String caller : AccessTable.CALLERS) {
                HttpRequest.Builder request = request(row.path());
                if (!caller.equals("none")) {
                    request.header("Authorization", "Bearer " + AccessTable.SECRETS.get(caller));
                }

                HttpResponse<String> response = send(request.method(row.method(), BodyPublishers.noBody()));

                assertThat(response.statusCode())
                        .as("%s with key %s", row, caller)
                        .isNotIn(401, 403);
            }
        }
    }
}
