package io.backprop.limits;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backprop.limits.MemoryBudget.Reservation;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemoryBudgetTests {

    private static final long KIBIBYTE = 1 << 10;
    private static final long MEBIBYTE = 1 << 20;

    private final MemoryBudget budget = new MemoryBudget(200 * MEBIBYTE); // 100 for large ones, 12 for each other class

    @Test
    void largeReservationsTogetherHaveHalfOfTheHeap() {
        Reservation first = reservation(40 * MEBIBYTE);
        Reservation second = reservation(60 * MEBIBYTE);
        assertBusy(first, MEBIBYTE);
        first.close();
        second.add(40 * MEBIBYTE);
    }

    @Test
    void largestReservationUsesTheReserve() {
        Reservation first = reservation(60 * MEBIBYTE);
        Reservation second = reservation(40 * MEBIBYTE);
        first.add(20 * MEBIBYTE);
        assertBusy(first, 5 * MEBIBYTE);
        second.close();
        first.add(60 * MEBIBYTE);
    }

    @Test
    void acceptsReservationOfAnySizeIfItIsTheOnlyLargeOne() {
        reservation(MEBIBYTE);
        reservation(KIBIBYTE);
        Reservation large = reservation(1_000 * MEBIBYTE);
        large.close();
        reservation(1_000 * MEBIBYTE);
    }

    @Test
    void acceptsSmallReservationsWhileLargeOnesAreRefused() {
        reservation(1_000 * MEBIBYTE);
        assertBusy(reservation(0), 2 * MEBIBYTE);
        Reservation small = reservation(MEBIBYTE);
        assertBusy(small, 1);
    }

    @Test
    void refusesMediumAndTinyReservationsBeyondTheirOwnShares() {
        List<Reservation> medium = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            medium.add(reservation(MEBIBYTE));
        }
        assertBusy(reservation(0), MEBIBYTE);
        for (int i = 0; i < 12 * 16; i++) {
            reservation(64 * KIBIBYTE);
        }
        assertBusy(reservation(0), KIBIBYTE);

        medium.get(0).close();
        reservation(MEBIBYTE);
    }

    @Test
    void refusalCountsNothing() {
        Reservation first = reservation(90 * MEBIBYTE);
        Reservation second = reservation(0);
        assertBusy(second, 50 * MEBIBYTE);
        second.add(10 * MEBIBYTE);
        first.add(-50 * MEBIBYTE);
        second.add(40 * MEBIBYTE);
    }

    @Test
    void changesClassAsItGrowsAndShrinks() {
        Reservation reservation = reservation(KIBIBYTE);
        for (int i = 0; i < 1_000; i++) {
            reservation.add(50 * MEBIBYTE);
            reservation.add(-49 * MEBIBYTE - 10 * KIBIBYTE);
            reservation.add(-MEBIBYTE + 10 * KIBIBYTE);
        }
        for (int i = 0; i < 12; i++) {
            reservation(MEBIBYTE);
        }
        reservation(100 * MEBIBYTE);
    }

    @Test
    void countsModelOnceForAllItsUsers() {
        Object model = new Object();
        Reservation first = reservation(2 * MEBIBYTE);
        Reservation second = reservation(2 * MEBIBYTE);
        first.use(model, 50 * MEBIBYTE);
        second.use(model, 50 * MEBIBYTE);
        second.use(model, 50 * MEBIBYTE);
        first.add(46 * MEBIBYTE);
        assertBusy(second, MEBIBYTE);
        first.close();
        Reservation third = reservation(48 * MEBIBYTE);
        assertBusy(third, 25 * MEBIBYTE);
        second.close();
        reservation(2 * MEBIBYTE);
        third.add(50 * MEBIBYTE);
    }

    @Test
    void neverRefusesTheUseOfModel() {
        reservation(1_000 * MEBIBYTE);
        assertThatCode(() -> reservation(0).use(new Object(), 1_000 * MEBIBYTE)).doesNotThrowAnyException();
    }

    @Test
    void threadHasOneCurrentReservation() {
        reservation(100 * MEBIBYTE);
        try (Reservation request = budget.begin()) {
            assertThatThrownBy(() -> budget.acquire(20 * MEBIBYTE)).isInstanceOf(MemoryBusyException.class);
            request.add(MEBIBYTE);
        }
        assertThatCode(() -> budget.acquire(1_000 * MEBIBYTE)).doesNotThrowAnyException(); // of no request
    }

    private Reservation reservation(long bytes) {
        Reservation current = budget.begin();
        current.add(bytes);
        return current;
    }

    private static void assertBusy(Reservation reservation, long bytes) {
        assertThatThrownBy(() -> reservation.add(bytes))
                .isInstanceOf(MemoryBusyException.class)
                .hasMessage("not enough memory for this request at the moment");
    }
}
