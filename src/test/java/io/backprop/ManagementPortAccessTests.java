package io.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** A service whose actuator has its own port, on all interfaces, with a generated key. */
class ManagementPortAccessTests extends ServiceTestBase {

    @LocalManagementPort
    private int managementPort;

    @Value("${backprop.store.folder}")
    private Path folder;

    @DynamicPropertySource
    static void manageElsewhere(DynamicPropertyRegistry registry) {
        registry.add("management.server.port", () -> "0");
        registry.add("management.server.address", () -> "0.0.0.0");
        registry.add("management.server.base-path", () -> "/manage");
    }

    private HttpResponse<String> get(String path, String key) {
        return send(request(path).header("Authorization", "Bearer " + key));
    }

    @Test
    void generatedKeyOpensBothPorts() throws IOException {
        String key = Files.readString(folder.resolve("admin-key")).strip();

        problem(get("/models"), 401, "unauthorized");
        problem(get("/models", "wrong"), 401, "unauthorized");
        assertThat(get("/models", key).statusCode()).isEqualTo(200);

        port = managementPort;
        assertThat(get("/manage/actuator/prometheus").statusCode()).isEqualTo(401);
        assertThat(get("/manage/actuator/info", "wrong").statusCode()).isEqualTo(401);
        assertThat(get("/manage/actuator/prometheus", key).statusCode()).isEqualTo(200);
        assertThat(get("/manage/actuator/health/liveness").statusCode()).isEqualTo(200);
    }

    @Test
    void bothPortsTellBrowsersWhatTheyMayDoAndRejectWithProblems() {
        for (int each : new int[] {port, managementPort}) {
            port = each;
            HttpResponse<String> health = get("/manage/actuator/health/liveness");

            ResponseHeadersTests.EXPECTED.forEach((name, value) ->
                    assertThat(health.headers().allValues(name)).containsExactly(value));
            assertThat(exchange("GET /%zz HTTP/1.1\r\nHost: localhost\r\n\r\n"))
                    .startsWith("HTTP/1.1 400 ")
                    .contains("application/problem+json", "\r\nX-Frame-Options: DENY\r\n");
        }
    }

    @Test
    void portOfTheActuatorServesNoFiles() throws IOException {
        String key = Files.readString(folder.resolve("admin-key")).strip();
        List<String> paths = List.of("/", "/index.html", "/console/main.js", "/problems", "/swagger-ui/index.html");
        for (String path : paths) {
            assertThat(get(path, key).statusCode()).isEqualTo(200);
        }

        port = managementPort;
        for (String path : paths) {
            problem(get("/manage" + path, key), 404, "not-found");
        }
    }
}
