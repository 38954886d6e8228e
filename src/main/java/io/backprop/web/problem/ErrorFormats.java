package io.backprop.web.problem;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/** The formats of errors that features define. */
@Component
public class ErrorFormats {

    private final List<ErrorFormat> formats;

    @Autowired
    ErrorFormats(ObjectProvider<ErrorFormat> formats) {
        this(formats.stream().toList());
    }

    public ErrorFormats(List<ErrorFormat> formats) {
        this.formats = formats;
    }

    /** The format of errors of requests with a path; empty for problems. */
    public Optional<ErrorFormat> find(String path) {
        for (ErrorFormat format : formats) {
            if (format.appliesTo(path)) {
                return Optional.of(format);
            }
        }
        return Optional.empty();
    }

    /** The format of errors of a request; empty for problems. */
    Optional<ErrorFormat> find(HttpServletRequest request) {
        String path = request.getServletPath(); // decoded, without the path of the context
        return find(path == null || path.isEmpty() ? String.valueOf(request.getRequestURI()) : path);
    }
}
