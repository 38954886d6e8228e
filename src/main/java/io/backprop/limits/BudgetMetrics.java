package io.backprop.limits;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.stereotype.Component;

/** Metrics of the budgets. */
@Component
class BudgetMetrics implements MeterBinder {

    private final MemoryBudget memory;
    private final ComputeBudget compute;

    BudgetMetrics(MemoryBudget memory, ComputeBudget compute) {
        this.memory = memory;
        this.compute = compute;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("backprop.memory.used", memory, MemoryBudget::used)
                .description("Memory that requests and trainings use together")
                .baseUnit(BaseUnits.BYTES)
                .register(registry);
        Gauge.builder("backprop.memory.limit", memory, MemoryBudget::limit)
                .description("Memory beyond which requests are refused, except small ones and the largest")
                .baseUnit(BaseUnits.BYTES)
                .register(registry);
        Gauge.builder("backprop.compute.used", compute, ComputeBudget::used)
                .description("Large requests that compute")
                .register(registry);
        Gauge.builder("backprop.compute.limit", compute, ComputeBudget::limit)
                .description("Large requests that may compute at the same time")
                .register(registry);
        Gauge.builder("backprop.compute.waiting", compute, ComputeBudget::queueLength)
                .description("Large requests that wait to compute")
                .register(registry);
    }
}
