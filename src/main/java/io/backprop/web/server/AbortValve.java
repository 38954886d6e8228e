package io.backprop.web.server;

import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import java.io.IOException;
import java.util.Objects;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;

/**
 * Lets an asynchronous request close its connection immediately. The Servlet API can only complete the response, which
 * waits until the client has read it. Without this, a client that does not read its event stream would delay the shutdown
 * (EventsShutdownTests).
 */
public final class AbortValve extends ValveBase {

    private static final String ATTRIBUTE = AbortValve.class.getName();

    AbortValve() {
        super(true); // for asynchronous requests too
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        request.setAttribute(
                ATTRIBUTE, (Runnable) () -> response.getCoyoteResponse().action(ActionCode.CLOSE_NOW, null));
        getNext().invoke(request, response);
    }

    /** What closes the connection of an asynchronous request, which must not have ended. */
    public static Runnable of(ServletRequest request) {
        return (Runnable) Objects.requireNonNull(request.getAttribute(ATTRIBUTE));
    }
}
