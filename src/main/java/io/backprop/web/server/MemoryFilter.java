package io.backprop.web.server;

import io.backprop.limits.MemoryBudget;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/** Gives each request a share of the memory, which ends with it. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class MemoryFilter extends OncePerRequestFilter {

    private final MemoryBudget memory;

    MemoryFilter(MemoryBudget memory) {
        this.memory = memory;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        MemoryBudget.Share share = memory.open();
        try {
            chain.doFilter(request, response);
        } finally {
            share.close();
        }
    }
}
