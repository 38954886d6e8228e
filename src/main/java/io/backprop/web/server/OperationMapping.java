package io.backprop.web.server;

import jakarta.servlet.http.HttpServletRequest;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.util.pattern.PathPattern;

/**
 * Skips the operations whose path ends with another word than that of the request. Spring compares all conditions of each
 * operation whose path has a variable, which takes a tenth of the time of a small prediction (PredictLatency in src/bench).
 */
final class OperationMapping extends RequestMappingHandlerMapping {

    private final Map<RequestMappingInfo, String> lastWords = new IdentityHashMap<>(); // of paths that end with a word

    @Override
    public void afterPropertiesSet() {
        super.afterPropertiesSet();
        getHandlerMethods().keySet().forEach(mapping -> {
            String last = lastWord(mapping);
            if (last != null) {
                lastWords.put(mapping, last);
            }
        });
    }

    private static @Nullable String lastWord(RequestMappingInfo mapping) {
        if (mapping.getPathPatternsCondition() == null) {
            return null;
        }
        var patterns = mapping.getPathPatternsCondition().getPatterns();
        PathPattern pattern = patterns.iterator().next();
        String last =
                pattern.getPatternString().substring(pattern.getPatternString().lastIndexOf('/') + 1);
        return patterns.size() > 1 || last.isEmpty() || last.contains("{") || last.contains("*") ? null : last;
    }

    @Override
    protected @Nullable RequestMappingInfo getMatchingMapping(RequestMappingInfo mapping, HttpServletRequest request) {
        String last = lastWords.get(mapping);
        if (last != null) {
            String path = request.getRequestURI();
            boolean isEncoded = path.indexOf('%') >= 0 || path.indexOf(';') >= 0;
            if (!path.endsWith(last) && !isEncoded) {
                return null;
            }
        }
        return super.getMatchingMapping(mapping, request);
    }
}
