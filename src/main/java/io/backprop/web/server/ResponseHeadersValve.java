package io.backprop.web.server;

import jakarta.servlet.ServletException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.tomcat.util.http.MimeHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Tells browsers what they may do with a response. A valve reaches every response, including those by which Tomcat rejects
 * requests (ResponseHeadersTests).
 */
final class ResponseHeadersValve extends ValveBase {

    private static final String POLICY = "Content-Security-Policy";

    /** Permits pages of the service to use its own scripts, styles and operations, and nothing else. */
    private static final String OWN_RESOURCES = "default-src 'none'; script-src 'self'; style-src 'self'; "
            + "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final Header OWN_RESOURCES_POLICY = new Header(POLICY, OWN_RESOURCES);
    private static final Header SWAGGER_UI_POLICY = new Header(
            POLICY, OWN_RESOURCES.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")); // in its icons

    private static final List<Header> OTHERS = List.of(
            new Header("X-Content-Type-Options", "nosniff"),
            new Header("X-Frame-Options", "DENY"),
            new Header("Referrer-Policy", "no-referrer"),
            new Header("Cross-Origin-Resource-Policy", "same-origin"),
            new Header("Cache-Control", "no-cache")); // so that a copy is validated by its ETag before it is used

    private static final Header STRICT_TRANSPORT = new Header("Strict-Transport-Security", "max-age=31536000");

    ResponseHeadersValve() {
        super(true); // for asynchronous requests too
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        MimeHeaders headers = response.getCoyoteResponse().getMimeHeaders();
        if (headers.getValue(POLICY) == null) { // not in the second pass of an asynchronous request
            policyFor(request.getServletPath()).addTo(headers);
            for (Header header : OTHERS) {
                header.addTo(headers);
            }
            if (request.isSecure() && !isLocal(request.getServerName())) {
                STRICT_TRANSPORT.addTo(headers);
            }
        }
        getNext().invoke(request, response);
    }

    /**
     * Whether a host is this machine. The header applies to all ports of a host: browsers would no longer open other
     * services of this machine without TLS.
     */
    private static boolean isLocal(@Nullable String host) {
        if (host == null) {
            return true; // of a request that is rejected before its headers are read
        }
        String name = host.toLowerCase(Locale.ROOT);
        String absolute = name.endsWith(".") ? name : name + ".";
        return absolute.equals("localhost.") || absolute.endsWith(".localhost.");
    }

    private static Header policyFor(@Nullable String path) {
        return path != null && path.startsWith("/swagger-ui/") ? SWAGGER_UI_POLICY : OWN_RESOURCES_POLICY;
    }

    /** A header as it is sent. Tomcat would encode and check the text of each again, which takes longer than the rest. */
    private static final class Header {

        private final byte[] name;
        private final byte[] value;

        Header(String name, String value) {
            this.name = name.getBytes(StandardCharsets.US_ASCII);
            this.value = value.getBytes(StandardCharsets.US_ASCII);
        }

        void addTo(MimeHeaders headers) {
            headers.addValue(name, 0, name.length).setBytes(value, 0, value.length);
        }
    }
}
