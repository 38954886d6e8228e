package io.backprop.openinference.web;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.HttpOutputMessage;
import org.springframework.http.MediaType;
import org.springframework.http.converter.AbstractHttpMessageConverter;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.http.converter.HttpMessageNotWritableException;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Reads JSON under any {@code Content-Type}, because the clients of Triton send none (RepositoryTests). */
@Component
class ProtocolRequestConverter extends AbstractHttpMessageConverter<ProtocolRequest> {

    private final JsonMapper mapper;

    ProtocolRequestConverter(JsonMapper mapper) {
        super(MediaType.ALL);
        this.mapper = mapper;
    }

    @Override
    protected boolean supports(Class<?> type) {
        return ProtocolRequest.class.isAssignableFrom(type);
    }

    @Override
    public boolean canWrite(Class<?> type, @Nullable MediaType mediaType) {
        return false;
    }

    @Override
    protected ProtocolRequest readInternal(Class<? extends ProtocolRequest> type, HttpInputMessage message)
            throws IOException {
        try {
            return mapper.readValue(message.getBody(), type);
        } catch (JacksonException e) {
            throw new HttpMessageNotReadableException("the body can't be read", e, message);
        }
    }

    @Override
    protected void writeInternal(ProtocolRequest request, HttpOutputMessage message) {
        throw new HttpMessageNotWritableException("requests are only read");
    }
}
