package io.backprop.limits;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MemoryBudgetTests {

    private static final long MEGABYTE = 1 << 20;

    private final MemoryBudget budget = new MemoryBudget(100 * MEGABYTE, 120 * MEGABYTE);
    private final ExecutorService other = Executors.newSingleThreadExecutor();

    @AfterEach
    void close() {
        other.shutdown();
    }

    @Test
    void requestsTogetherTakeNoMoreThanThereIs() throws Exception {
        MemoryBudget.Share share = budget.open();
        budget.take(40 * MEGABYTE);
        MemoryBudget.Share others = onOtherThread(budget::open);
        onOtherThread(() -> take(60 * MEGABYTE));
        assertThatThrownBy(() -> budget.take(MEGABYTE))
                .isInstanceOf(MemoryBusyException.class)
                .hasMessage("not enough memory for this request at the moment");
        share.close();
        onOtherThread(() -> take(40 * MEGABYTE));
        others.close();
    }

    @Test
    void largestRequestGoesOnIntoTheReserve() throws Exception {
        MemoryBudget.Share share = budget.open();
        budget.take(60 * MEGABYTE);
        MemoryBudget.Share others = onOtherThread(budget::open);
        onOtherThread(() -> take(40 * MEGABYTE));
        budget.take(20 * MEGABYTE);
        assertThatThrownBy(() -> budget.take(1)).isInstanceOf(MemoryBusyException.class);
        others.close();
        budget.take(60 * MEGABYTE);
        share.close();
    }

    @Test
    void whoeverComesAloneIsNotRefused() {
        MemoryBudget.Share share = budget.open();
        assertThatCode(() -> budget.take(1_000 * MEGABYTE)).doesNotThrowAnyException();
        share.close();
    }

    @Test
    void whatIsHeldForTrainingsIsLeftToNobody() throws Exception {
        MemoryBudget.Share held = budget.hold(90 * MEGABYTE);
        MemoryBudget.Share share = budget.open();
        assertThatThrownBy(() -> budget.take(31 * MEGABYTE)).isInstanceOf(MemoryBusyException.class);
        budget.giveBack();
        budget.take(10 * MEGABYTE);
        budget.take(-10 * MEGABYTE);
        held.close();
        assertThatCode(() -> budget.take(120 * MEGABYTE)).doesNotThrowAnyException();
        share.close();
    }

    @Test
    void smallRequestsAreNotRefused() {
        MemoryBudget.Share held = budget.hold(200 * MEGABYTE);
        MemoryBudget.Share share = budget.open();
        assertThatCode(() -> budget.take(MEGABYTE)).doesNotThrowAnyException();
        assertThatThrownBy(() -> budget.take(1)).isInstanceOf(MemoryBusyException.class);
        share.close();
        held.close();
    }

    @Test
    void withoutRequestNothingIsCounted() {
        budget.take(1_000 * MEGABYTE);
        MemoryBudget.Share held = budget.hold(MEGABYTE);
        MemoryBudget.Share share = budget.open();
        assertThatCode(() -> budget.take(99 * MEGABYTE)).doesNotThrowAnyException();
        share.close();
        held.close();
    }

    private Void take(long bytes) {
        budget.take(bytes);
        return null;
    }

    private <T> T onOtherThread(Callable<T> task) throws Exception {
        return other.submit(task).get();
    }
}
