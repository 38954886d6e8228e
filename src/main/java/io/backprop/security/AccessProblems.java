package io.backprop.security;

import io.backprop.web.problem.ProblemType;
import io.backprop.web.problem.ProblemWriter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.access.AccessDeniedHandler;

/** Responds to requests without a sufficient key (RFC 6750 §3). */
final class AccessProblems implements AuthenticationEntryPoint, AccessDeniedHandler {

    static final ProblemType UNAUTHORIZED = new ProblemType("unauthorized", HttpStatus.UNAUTHORIZED);
    static final ProblemType FORBIDDEN = new ProblemType("forbidden", HttpStatus.FORBIDDEN);

    private static final String CHALLENGE = "Bearer realm=\"backprop\"";

    private final AccessRules rules;
    private final ProblemWriter writer;

    AccessProblems(AccessRules rules, ProblemWriter writer) {
        this.rules = rules;
        this.writer = writer;
    }

    @Override
    public void commence(HttpServletRequest request, HttpServletResponse response, AuthenticationException exception)
            throws IOException {
        if (ApiKeyFilter.secretOf(request) == null) {
            response.setHeader(HttpHeaders.WWW_AUTHENTICATE, CHALLENGE);
            writer.write(
                    UNAUTHORIZED.problem("a key is required, as the header Authorization: Bearer KEY"),
                    request,
                    response);
        } else {
            response.setHeader(HttpHeaders.WWW_AUTHENTICATE, CHALLENGE + ", error=\"invalid_token\"");
            writer.write(UNAUTHORIZED.problem("the key is not one of this service"), request, response);
        }
    }

    @Override
    public void handle(HttpServletRequest request, HttpServletResponse response, AccessDeniedException exception)
            throws IOException {
        Scope required = rules.required(request);
        response.setHeader(
                HttpHeaders.WWW_AUTHENTICATE,
                CHALLENGE + ", error=\"insufficient_scope\", scope=\"%s\"".formatted(required));
        writer.write(
                FORBIDDEN.problem("this operation needs a key with scope %s, but key %s does not have it"
                        .formatted(required, CurrentKey.name())),
                request,
                response);
    }
}
