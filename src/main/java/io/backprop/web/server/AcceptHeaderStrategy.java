package io.backprop.web.server;

import java.util.List;
import org.springframework.context.annotation.Primary;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.accept.HeaderContentNegotiationStrategy;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.servlet.config.annotation.ContentNegotiationConfigurer;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Excludes the types with a weight of 0, which the client does not accept (RFC 9110 §12.4.2). Spring ignores the weight. */
@Component
@Primary // among the strategies of which Spring Security needs one
class AcceptHeaderStrategy extends HeaderContentNegotiationStrategy implements WebMvcConfigurer {

    @Override
    public void configureContentNegotiation(ContentNegotiationConfigurer configurer) {
        configurer.strategies(List.of(this));
    }

    @Override
    public List<MediaType> resolveMediaTypes(NativeWebRequest request) throws HttpMediaTypeNotAcceptableException {
        List<MediaType> accepted = super.resolveMediaTypes(request).stream()
                .filter(type -> type.getQualityValue() > 0)
                .toList();
        if (accepted.isEmpty()) {
            throw new HttpMediaTypeNotAcceptableException("all types have a weight of 0");
        }
        return accepted;
    }
}
