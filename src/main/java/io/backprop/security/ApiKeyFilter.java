package io.backprop.security;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.context.SecurityContextImpl;

/**
 * Authenticates requests by their key in {@code Authorization: Bearer KEY}. A request without a valid key goes on, because
 * its operation may need none. Spring's AuthenticationFilter would reject it, and would look for a session (AccessTests).
 */
final class ApiKeyFilter implements Filter {

    private static final String SCHEME = "Bearer ";

    private final ApiKeys keys;

    ApiKeyFilter(ApiKeys keys) {
        this.keys = keys;
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        String secret = secretOf((HttpServletRequest) request);
        ApiKey key = secret == null ? null : keys.find(secret);
        if (key != null) {
            SecurityContextHolder.setContext(new SecurityContextImpl(key.authentication()));
        }
        chain.doFilter(request, response);
    }

    /** Returns the secret that a request presents, or null for none. */
    static @Nullable String secretOf(HttpServletRequest request) {
        String header = request.getHeader(HttpHeaders.AUTHORIZATION);
        return header != null && header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                ? header.substring(SCHEME.length()).strip()
                : null;
    }
}
