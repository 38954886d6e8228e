package io.backprop.web.server;

import io.backprop.web.problem.ProblemType;
import io.backprop.web.problem.ProblemWriter;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.apache.coyote.ActionCode;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;

/** Responds with a problem to requests that Tomcat or a filter rejects, so that they reach no controller. */
final class ProblemReportValve extends ErrorReportValve {

    private final ProblemWriter writer;

    ProblemReportValve(ProblemWriter writer) {
        this.writer = writer;
    }

    @Override
    protected void report(Request request, Response response, @Nullable Throwable throwable) {
        boolean canRespond = response.getStatus() >= 400 && response.getContentWritten() == 0 && isOpen(response);
        if (!canRespond || !response.setErrorReported()) {
            return;
        }
        ProblemDetail problem = ProblemType.problemOf(HttpStatusCode.valueOf(response.getStatus()));
        try {
            response.setHeader(
                    RequestIdValve.HEADER, (String) request.getAttribute(RequestIdValve.HEADER)); // may be reset
            String json = writer.toJson(problem, request, response);
            response.setCharacterEncoding("utf-8");
            response.getReporter().write(json);
            response.finishResponse();
        } catch (IOException | IllegalStateException e) {
            container.getLogger().debug("The client has disconnected", e);
        }
    }

    private static boolean isOpen(Response response) {
        AtomicBoolean allowed = new AtomicBoolean();
        response.getCoyoteResponse().action(ActionCode.IS_IO_ALLOWED, allowed);
        return allowed.get();
    }
}
