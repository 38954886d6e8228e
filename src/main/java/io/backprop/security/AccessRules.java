package io.backprop.security;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.security.autoconfigure.actuate.web.servlet.EndpointRequest;
import org.springframework.boot.security.autoconfigure.actuate.web.servlet.EndpointRequest.EndpointRequestMatcher;
import org.springframework.http.server.PathContainer;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.authorization.AuthorizationResult;
import org.springframework.security.core.Authentication;
import org.springframework.stereotype.Component;
import org.springframework.web.util.ServletRequestPathUtils;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/** Which scope each operation needs. What no rule names needs the scope admin. */
@Component
final class AccessRules implements AuthorizationManager<HttpServletRequest> {
    /*
     * Paths are matched as Spring MVC matches them, so that no spelling of a path has another meaning there. The first rule
     * that matches applies.
     */

    /** Needs neither a key nor a known host. */
    private static final List<Rule> OPEN = rules(
            null,
            "GET /",
            "GET /index.html",
            "GET /favicon.ico",
            "GET /console/**",
            "GET /problems/**",
            "GET /swagger-ui.html",
            "GET /swagger-ui/**",
            "GET /v3/api-docs/**",
            "GET /v3/api-docs.yaml",
            "GET /v2/health/live",
            "GET /v2/health/ready");

    private static final PathPattern INFERENCE_HEALTH =
            PathPatternParser.defaultInstance.parse("/v2/health/{probe:live|ready}");

    private static final List<Rule> PREDICT = rules(
            Scope.PREDICT,
            "POST /models/{id}/predict",
            "POST /models/{id}/evaluate",
            "POST /models/{id}/importance",
            "POST /models/{id}/trainings/{number}/predict",
            "POST /models/{id}/predictions",
            "GET /models/{id}/predictions",
            "GET /models/{id}/predictions/{prediction}",
            "POST /models/{id}/predictions/{prediction}/cancel",
            "GET /models",
            "GET /models/{id}",
            "GET /models/{id}/versions",
            "GET /v2/**",
            "POST /v2/models/{id}/infer",
            "POST /v2/models/{id}/versions/{version}/infer",
            "POST /v2/repository/index",
            "GET /v1/**",
            "POST /v1/**",
            "POST /invocations");

    private static final List<Rule> TRAIN = rules(
            Scope.TRAIN,
            "POST /models",
            "PATCH /models/{id}",
            "DELETE /models/{id}",
            "GET /models/{id}/parameters",
            "PUT /models/{id}/parameters",
            "POST /models/{id}/versions/{version}/restore",
            "GET /models/{id}/onnx",
            "GET /models/{id}/export",
            "POST /models/{id}/train",
            "POST /models/{id}/cross-validate",
            "POST /models/{id}/search",
            "GET /models/{id}/trainings/**",
            "POST /models/{id}/trainings/{number}/cancel",
            "GET /models/{id}/searches/**",
            "POST /models/{id}/searches/{number}/cancel",
            "GET /trainings",
            "POST /trainings/claims",
            "PUT /models/{id}/trainings/{number}/preparation",
            "PUT /models/{id}/trainings/{number}/progress",
            "PUT /models/{id}/trainings/{number}/checkpoint",
            "POST /models/{id}/trainings/{number}/result",
            "POST /models/{id}/trainings/{number}/failure",
            "POST /models/{id}/trainings/{number}/release",
            "POST /predictions/claims",
            "PUT /models/{id}/predictions/{prediction}/progress",
            "POST /models/{id}/predictions/{prediction}/result",
            "POST /models/{id}/predictions/{prediction}/failure",
            "POST /models/{id}/predictions/{prediction}/release",
            "GET /models/{id}/versions/{version}/scorer", // has the parameters
            "POST /v2/repository/models/{id}/load",
            "POST /v2/repository/models/{id}/unload");

    private static final List<Rule> RULES =
            Stream.of(OPEN, PREDICT, TRAIN).flatMap(List::stream).toList();

    private static final AuthorizationResult GRANTED = new AuthorizationDecision(true);
    private static final AuthorizationResult DENIED = new AuthorizationDecision(false);

    private final EndpointRequestMatcher health = EndpointRequest.to("health"); // remembers its paths in this context
    private final EndpointRequestMatcher info = EndpointRequest.to("info");

    /** @param scope null for none */
    private record Rule(@Nullable Scope scope, String method, PathPattern path) {

        /** Whether the rule is about a request. A HEAD is a GET, and an OPTIONS belongs to any operation on its path. */
        boolean matches(String requested, PathContainer requestedPath) {
            return (method.equals(requested) || requested.equals("OPTIONS") || isHead(requested))
                    && path.matches(requestedPath);
        }

        private boolean isHead(String requested) {
            return requested.equals("HEAD") && method.equals("GET");
        }
    }

    private static List<Rule> rules(@Nullable Scope scope, String... operations) {
        return Stream.of(operations)
                .map(operation -> operation.split(" "))
                .map(parts -> new Rule(scope, parts[0], PathPatternParser.defaultInstance.parse(parts[1])))
                .toList();
    }

    @Override
    public AuthorizationResult authorize(
            Supplier<? extends @Nullable Authentication> authentication, HttpServletRequest request) {
        Scope required = required(request);
        boolean granted = required == null || permits(authentication.get(), required);
        return granted ? GRANTED : DENIED;
    }

    private static boolean permits(@Nullable Authentication authentication, Scope required) {
        return authentication != null
                && authentication.getPrincipal() instanceof ApiKey key
                && key.scope().includes(required);
    }

    /** Returns the scope that a request needs, or null for none. */
    @Nullable
    Scope required(HttpServletRequest request) {
        PathContainer path = ServletRequestPathUtils.parseAndCache(request).pathWithinApplication();
        Rule rule = find(request.getMethod(), path);
        if (rule != null) {
            return rule.scope();
        }
        if (health.matches(request)) {
            return isProbe(path) ? null : Scope.PREDICT;
        }
        return info.matches(request) ? Scope.PREDICT : Scope.ADMIN;
    }

    /** Whether a request asks if the service is alive or ready, which needs no key and has no limit. */
    boolean isProbe(HttpServletRequest request) {
        PathContainer path = ServletRequestPathUtils.parseAndCache(request).pathWithinApplication();
        return INFERENCE_HEALTH.matches(path) || (health.matches(request) && isProbe(path));
    }

    private static boolean isProbe(PathContainer healthPath) {
        return healthPath.value().endsWith("/liveness") || healthPath.value().endsWith("/readiness");
    }

    /** Whether a request needs neither a key nor a known host. */
    boolean isOpen(HttpServletRequest request) {
        return required(request) == null;
    }

    /** Returns the scope that an operation of a controller needs, or null if it needs no key. */
    static @Nullable Scope required(String method, String path) {
        Rule rule = find(method, PathContainer.parsePath(path));
        return rule == null ? Scope.ADMIN : rule.scope();
    }

    private static @Nullable Rule find(String method, PathContainer path) {
        for (Rule rule : RULES) {
            if (rule.matches(method, path)) {
                return rule;
            }
        }
        return null;
    }
}
