package io.backprop.security;

import io.backprop.web.problem.ProblemType;
import io.backprop.web.problem.ProblemWriter;
import io.backprop.web.problem.ValueDescriptions;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.web.cors.CorsUtils;

/**
 * Protects a service that needs no key, because only its own machine can reach it, from the pages that a browser on that
 * machine shows. A page can send requests to any address, most of them without asking the service first, and DNS rebinding
 * makes the service look like the page's own site. Every other client may send what it likes (LocalAccessFilterTests).
 */
final class LocalAccessFilter implements Filter {

    private static final ProblemType HOST_NOT_ALLOWED = new ProblemType("host-not-allowed", HttpStatus.FORBIDDEN);
    private static final ProblemType CROSS_SITE_REQUEST = new ProblemType("cross-site-request", HttpStatus.FORBIDDEN);

    private final AllowedHosts hosts;
    private final RequestMatcher open;
    private final ProblemWriter problems;

    /**
     * @param open matches the requests that are always permitted, such as those for static files
     */
    LocalAccessFilter(AllowedHosts hosts, RequestMatcher open, ProblemWriter problems) {
        this.hosts = hosts;
        this.open = open;
        this.problems = problems;
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest http = (HttpServletRequest) request;
        ProblemDetail problem = problemOf(http);
        if (problem == null || open.matches(http)) {
            chain.doFilter(request, response);
        } else {
            problems.write(problem, http, (HttpServletResponse) response);
        }
    }

    private @Nullable ProblemDetail problemOf(HttpServletRequest request) {
        String host = disallowedHost(request);
        if (host != null) {
            return HOST_NOT_ALLOWED.problem(
                    "the host %s is not listed in backprop.security.hosts".formatted(ValueDescriptions.received(host)));
        }
        String site = request.getHeader("Sec-Fetch-Site");
        if (site != null) {
            return isSameOrigin(site) ? null : crossSite("Sec-Fetch-Site", site);
        }
        String origin = request.getHeader(HttpHeaders.ORIGIN);
        return origin == null || isOwn(request) ? null : crossSite(HttpHeaders.ORIGIN, origin);
    }

    /**
     * Returns the host that the client has named, if it is not allowed. A request of HTTP/1 without one is from no browser. Where a
     * proxy forwards the host, both names must be allowed, as a page may forge the header for its own site.
     */
    private @Nullable String disallowedHost(HttpServletRequest request) {
        String host = request.getHeader(HttpHeaders.HOST);
        if (host == null && request.getProtocol().startsWith("HTTP/1")) {
            return null;
        }
        if (host != null && !hosts.contain(host)) {
            return host;
        }
        String forwarded = request.getServerName();
        return hosts.contain(forwarded) ? null : forwarded;
    }

    /** Refuses {@code same-site} too, because another port of this machine is a page of somebody else. */
    private static boolean isSameOrigin(String site) {
        return site.equals("same-origin") || site.equals("none"); // none: typed or chosen by the user
    }

    private static boolean isOwn(HttpServletRequest request) {
        try {
            return !CorsUtils.isCorsRequest(request);
        } catch (IllegalArgumentException | IllegalStateException e) {
            return false; // not the origin of a page
        }
    }

    private static ProblemDetail crossSite(String header, String value) {
        return CROSS_SITE_REQUEST.problem("pages of other sites must not send requests to this service, but %s was %s"
                .formatted(header, ValueDescriptions.received(value)));
    }
}
