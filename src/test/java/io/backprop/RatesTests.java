package io.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@LimitedRates
class RatesTests extends ServiceTestBase {

    private static final String FIRST = "first-secret-of-tests";
    private static final String SECOND = "second-secret-of-tests";
    private static final AtomicInteger ADDRESSES = new AtomicInteger();

    @Test
    void limitsTheRateOfAnAddress() {
        String address = newAddress();

        HttpResponse<String> refused = Await.until(() -> get("/models", address, null), this::isRefused);

        problem(refused, 429, "too-many-requests");
        assertThat(header(refused, "RateLimit-Policy")).isEqualTo("\"address\";q=20;w=20");
        assertThat(header(refused, "RateLimit")).isEqualTo("\"address\";r=0;t=1");
        assertThat(header(refused, "Retry-After")).isEqualTo("1");
        assertThat(get("/models", newAddress(), null).statusCode()).isEqualTo(401);
        assertThat(get("/actuator/health/liveness", address, null).statusCode()).isEqualTo(200);
        assertThat(get("/v2/health/ready", address, null).statusCode()).isEqualTo(200);
        Await.until(() -> get("/v2/health/nothing", address, null), this::isRefused);
        HttpResponse<String> refusedInference = Await.until(() -> get("/v2", address, null), this::isRefused);
        assertThat(error(refusedInference, 429)).contains("more than 20 requests");
        assertThat(header(refusedInference, "RateLimit-Policy")).isEqualTo("\"address\";q=20;w=20");
        assertThat(header(refusedInference, "Retry-After")).isEqualTo("1");
    }

    @Test
    void limitsTheRateOfAKey() {
        HttpResponse<String> refused = Await.until(() -> get("/models", newAddress(), FIRST), this::isRefused);

        problem(refused, 429, "too-many-requests");
        assertThat(header(refused, "RateLimit-Policy")).isEqualTo("\"key\";q=20;w=20");
        assertThat(get("/models", newAddress(), SECOND).statusCode()).isEqualTo(200);
    }

    @Test
    void slowsDownGuessing() {
        String address = newAddress();
        assertThat(get("/models", address, "no-secret-of-the-tests").statusCode())
                .isEqualTo(401);

        HttpResponse<String> refused = get("/models", address, SECOND);

        problem(refused, 429, "too-many-requests");
        assertThat(Integer.parseInt(header(refused, "Retry-After"))).isBetween(1, 31); // 50 of 20 tokens are used
    }

    private boolean isRefused(HttpResponse<String> response) {
        return response.statusCode() == 429;
    }

    private static String newAddress() {
        return "198.51.100." + ADDRESSES.incrementAndGet();
    }

    private HttpResponse<String> get(String path, String address, @Nullable String key) {
        var request = request(path).header("X-Forwarded-For", address).GET();
        return send(key == null ? request : request.header("Authorization", "Bearer " + key));
    }
}
