package io.backprop.limits;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backprop.limits.MemoryBudget.Reservation;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.support.SimpleThreadScope;

class MemoryBudgetTests {

    private static final long MEGABYTE = 1 << 20;

    private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
    private final MemoryBudget budget;

    MemoryBudgetTests() {
        context.getBeanFactory().registerScope("request", new SimpleThreadScope());
        context.registerBean(
                MemoryBudget.class,
                () -> new MemoryBudget(
                        100 * MEGABYTE, 120 * MEGABYTE, context.getBeanProvider(MemoryBudget.Reservation.class)));
        context.refresh();
        budget = context.getBean(MemoryBudget.class);
    }

    @AfterEach
    void close() {
        context.close();
    }

    @Test
    void requestsTogetherUseNoMoreThanTheBudget() {
        Reservation first = request(40);
        Reservation second = request(60);
        assertBusy(first, MEGABYTE);
        first.close();
        second.add(40 * MEGABYTE);
    }

    @Test
    void largestRequestUsesTheReserve() {
        Reservation first = request(60);
        Reservation second = request(40);
        first.add(20 * MEGABYTE);
        assertBusy(first, 1);
        second.close();
        first.add(60 * MEGABYTE);
    }

    @Test
    void acceptsRequestOfAnySizeIfItIsAlone() {
        assertThatCode(() -> budget.acquire(1_000 * MEGABYTE)).doesNotThrowAnyException();
    }

    @Test
    void countsMemoryOfTrainingsAgainstRequests() {
        Reservation training = budget.hold(90 * MEGABYTE);
        assertThatThrownBy(() -> budget.acquire(31 * MEGABYTE)).isInstanceOf(MemoryBusyException.class);
        budget.forRequest().release();
        budget.acquire(10 * MEGABYTE);
        budget.forRequest().add(-10 * MEGABYTE);
        training.close();
        assertThatCode(() -> budget.acquire(120 * MEGABYTE)).doesNotThrowAnyException();
    }

    @Test
    void acceptsSmallRequests() {
        budget.hold(200 * MEGABYTE);
        Reservation request = request(0);
        assertThatCode(() -> request.add(MEGABYTE)).doesNotThrowAnyException();
        assertBusy(request, 1);
        assertThatCode(() -> budget.acquire(MEGABYTE)).doesNotThrowAnyException();
    }

    private Reservation request(int megabytes) {
        Reservation reservation = budget.requestReservation();
        reservation.add(megabytes * MEGABYTE);
        return reservation;
    }

    private static void assertBusy(Reservation reservation, long bytes) {
        assertThatThrownBy(() -> reservation.add(bytes))
                .isInstanceOf(MemoryBusyException.class)
                .hasMessage("not enough memory for this request at the moment");
    }
}
