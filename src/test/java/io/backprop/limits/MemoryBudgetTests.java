package io.backprop.limits;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backprop.limits.MemoryBudget.Reservation;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MemoryBudgetTests {

    private static final long KIBIBYTE = 1 << 10;
    private static final long MEBIBYTE = 1 << 20;

    /** 65 MiB for all, then 15 MiB for medium reservations and 20 MiB for the largest one. */
    private final MemoryBudget budget = new MemoryBudget(100 * MEBIBYTE, 120 * MEBIBYTE);

    @Test
    void largeReservationsShareTheBudget() {
        Reservation first = reservation(30 * MEBIBYTE);
        Reservation second = reservation(35 * MEBIBYTE);
        assertBusy(first, MEBIBYTE);
        first.close();
        second.add(30 * MEBIBYTE);
    }

    @Test
    void largestReservationUsesTheReserve() {
        Reservation first = reservation(35 * MEBIBYTE);
        Reservation second = reservation(30 * MEBIBYTE);
        first.add(20 * MEBIBYTE);
        assertBusy(first, MEBIBYTE);
        second.close();
        first.add(MEBIBYTE);
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
    void acceptsMediumReservationsWhileLargeOnesAreRefused() {
        reservation(1_000 * MEBIBYTE);
        assertBusy(reservation(0), 2 * MEBIBYTE);
        Reservation medium = reservation(MEBIBYTE);
        assertBusy(medium, 1);
    }

    @Test
    void refusesMediumReservationsBeyondTheirShare() {
        reservation(65 * MEBIBYTE);
        List<Reservation> medium =
                IntStream.range(0, 15).mapToObj(i -> reservation(MEBIBYTE)).toList();
        assertBusy(reservation(0), MEBIBYTE);
        assertBusy(reservation(32 * KIBIBYTE), 1);
        medium.get(0).close();
        reservation(MEBIBYTE);
    }

    @Test
    void mediumReservationsUseWhatLargeOnesLeave() {
        IntStream.range(0, 65).forEach(i -> reservation(MEBIBYTE));
        assertBusy(reservation(0), MEBIBYTE);
        reservation(10 * MEBIBYTE);
        assertBusy(reservation(0), 2 * MEBIBYTE);
    }

    @Test
    void acceptsSmallReservations() {
        reservation(1_000 * MEBIBYTE);
        for (int i = 0; i < 100_000; i++) {
            reservation(32 * KIBIBYTE);
        }
    }

    @Test
    void refusalCountsNothing() {
        reservation(50 * MEBIBYTE);
        Reservation second = reservation(0);
        assertBusy(second, 16 * MEBIBYTE);
        second.add(15 * MEBIBYTE);
        assertBusy(second, 1);
        second.add(-15 * MEBIBYTE);
        second.add(15 * MEBIBYTE);
    }

    @Test
    void changesClassAsItGrowsAndShrinks() {
        Reservation reservation = reservation(KIBIBYTE);
        for (int i = 0; i < 1_000; i++) {
            reservation.add(50 * MEBIBYTE);
            reservation.add(-49 * MEBIBYTE - 10 * KIBIBYTE);
            reservation.add(-MEBIBYTE + 10 * KIBIBYTE);
        }
        for (int i = 0; i < 15; i++) {
            reservation(MEBIBYTE);
        }
        reservation(50 * MEBIBYTE);
        assertBusy(reservation(0), 2 * MEBIBYTE);
    }

    @Test
    void countsModelOnceForAllItsUsers() {
        Object model = new Object();
        Reservation first = reservation(10 * MEBIBYTE);
        Reservation second = reservation(5 * MEBIBYTE);
        first.use(model, 40 * MEBIBYTE);
        second.use(model, 40 * MEBIBYTE);
        second.use(model, 40 * MEBIBYTE);
        reservation(9 * MEBIBYTE);
        assertBusy(reservation(0), 2 * MEBIBYTE);
        first.close();
        reservation(9 * MEBIBYTE);
        assertBusy(reservation(0), 3 * MEBIBYTE);
        second.close();
        reservation(9 * MEBIBYTE);
        reservation(38 * MEBIBYTE);
    }

    @Test
    void neverRefusesTheUseOfModel() {
        reservation(1_000 * MEBIBYTE);
        assertThatCode(() -> reservation(0).use(new Object(), 1_000 * MEBIBYTE)).doesNotThrowAnyException();
    }

    @Test
    void rejectsTrainingThatCannotRunEvenIfItIsAlone() {
        budget.requirePossible("folds", 120 * MEBIBYTE);
        assertThatThrownBy(() -> budget.requirePossible("folds", 121 * MEBIBYTE))
                .isInstanceOf(LimitExceededException.class)
                .hasMessage("a training may need at most 120 MB of memory (a cross-validation needs its examples three"
                        + " times), but this one would need 121 MB");
    }

    @Test
    void threadHasOneCurrentReservation() {
        reservation(65 * MEBIBYTE);
        try (Reservation request = budget.begin()) {
            assertThatThrownBy(() -> budget.acquire(2 * MEBIBYTE)).isInstanceOf(MemoryBusyException.class);
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
