package io.backprop.web.server;

import io.backprop.limits.ComputeBudget;
import io.backprop.limits.MemoryBudget;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import java.io.IOException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/**
 * Returns what a request has taken of the budgets of memory and computing once its thread has answered it, or leaves the
 * answer to another thread.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class RequestBudgetFilter implements Filter {

    private final MemoryBudget memory;
    private final ComputeBudget compute;

    RequestBudgetFilter(MemoryBudget memory, ComputeBudget compute) {
        this.memory = memory;
        this.compute = compute;
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        MemoryBudget.Reservation reservation = memory.begin();
        try (reservation) {
            chain.doFilter(request, response);
        } finally {
            compute.end();
        }
    }
}
