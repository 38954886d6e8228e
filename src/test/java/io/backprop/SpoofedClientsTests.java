package io.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.ServletContext;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.security.web.FilterChainProxy;

/**
 * Requests with forged keys and addresses, which must not fill the memory. With {@code -Dtest.load=full} they are a million,
 * and the heap is measured.
 */
@LimitedRates
class SpoofedClientsTests extends ServiceTestBase {

    private static final int REQUESTS = LoadScale.of(20_000, 1_000_000);
    private static final int WARM_UP = LoadScale.of(0, 100_000); // fills what is bounded
    private static final long MEGABYTE = 1 << 20;

    private final Random random = new Random(1);

    @Autowired
    private FilterChainProxy filters;

    @Autowired
    private ServletContext context;

    private int answered;
    private int unauthorized;
    private int refused;

    @Test
    void needNoMemory() throws Exception {
        measure(request -> {
            request.setRemoteAddr(randomAddress());
            request.addHeader("Authorization", "Bearer " + Long.toHexString(random.nextLong()) + random.nextLong());
        });

        assertThat(answered).isZero();
        assertThat(unauthorized).isGreaterThan(REQUESTS / 2); // others have an address in the same network
    }

    @Test
    void forgedHeadersDoNotChangeTheAddress() throws Exception {
        measure(request -> {
            request.setRemoteAddr("203.0.113.1");
            request.addHeader("X-Forwarded-For", randomAddress());
            request.addHeader("Forwarded", "for=" + randomAddress());
        });

        assertThat(answered).isZero();
        assertThat(refused).isGreaterThan(REQUESTS / 2); // twenty are not, and one per second
    }

    private void measure(Consumer<MockHttpServletRequest> forge) throws Exception {
        send(WARM_UP, forge);
        long before = LoadScale.isFull() ? usedMemory() : 0;
        answered = 0;
        unauthorized = 0;
        refused = 0;
        send(REQUESTS, forge);
        if (LoadScale.isFull()) {
            long after = usedMemory();
            System.out.printf(
                    "%d forged requests: %d unauthorized, %d refused; heap %.2f MB before, %.2f MB after%n",
                    REQUESTS, unauthorized, refused, before / (double) MEGABYTE, after / (double) MEGABYTE);
            assertThat(after - before).isLessThan(MEGABYTE);
        }
    }

    private void send(int count, Consumer<MockHttpServletRequest> forge) throws Exception {
        for (int i = 0; i < count; i++) {
            MockHttpServletRequest request = new MockHttpServletRequest(context, "GET", "/models");
            MockHttpServletResponse response = new MockHttpServletResponse();
            forge.accept(request);
            filters.doFilter(request, response, (passed, answer) -> answered++);
            switch (response.getStatus()) {
                case 401 -> unauthorized++;
                case 429 -> refused++;
                default -> {}
            }
        }
    }

    private String randomAddress() {
        byte[] address = new byte[random.nextBoolean() ? 4 : 16];
        random.nextBytes(address);
        try {
            return InetAddress.getByAddress(address).getHostAddress();
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private static long usedMemory() throws InterruptedException {
        Runtime runtime = Runtime.getRuntime();
        long used = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            System.gc();
            Thread.sleep(100);
            used = Math.min(used, runtime.totalMemory() - runtime.freeMemory());
        }
        return used;
    }
}
