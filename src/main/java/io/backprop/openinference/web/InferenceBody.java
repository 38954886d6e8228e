package io.backprop.openinference.web;

import io.backprop.limits.ComputeBudget;
import io.backprop.limits.MemoryBudget;
import io.backprop.openinference.InferenceRequest;
import io.backprop.openinference.ModelSignature;
import io.backprop.web.problem.ProblemType;
import io.backprop.web.problem.UnreadableBodyException;
import io.backprop.web.problem.ValueDescriptions;
import io.backprop.web.table.TableTypes;
import java.io.IOException;
import java.io.InputStream;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.HttpOutputMessage;
import org.springframework.http.MediaType;
import org.springframework.http.converter.AbstractHttpMessageConverter;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.http.converter.HttpMessageNotWritableException;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/**
 * The body of a request, which is read once the signature of the model is known: JSON, JSON with binary data after it, or the
 * binary data of a single input.
 */
final class InferenceBody {

    /** The header with the length of the JSON before the binary data. */
    static final String HEADER_LENGTH = "Inference-Header-Content-Length";

    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,9}");

    private final HttpInputMessage message;
    private final Converter converter;

    private InferenceBody(HttpInputMessage message, Converter converter) {
        this.message = message;
        this.converter = converter;
    }

    /**
     * Takes a body of any type, because clients of the protocol need not send one, except those of tables, of which only
     * buffers are counted.
     */
    @Component
    static class Converter extends AbstractHttpMessageConverter<InferenceBody> {

        private final ObjectReader reader;
        private final MemoryBudget memory;
        private final ComputeBudget compute;

        Converter(JsonMapper mapper, MemoryBudget memory, ComputeBudget compute) {
            super(MediaType.ALL);
            this.reader = mapper.readerFor(InferenceRequestForm.class);
            this.memory = memory;
            this.compute = compute;
        }

        @Override
        protected boolean supports(Class<?> type) {
            return type == InferenceBody.class;
        }

        @Override
        public boolean canRead(Class<?> type, @Nullable MediaType mediaType) {
            return super.canRead(type, mediaType) && !TableTypes.include(String.valueOf(mediaType));
        }

        @Override
        public boolean canWrite(Class<?> type, @Nullable MediaType mediaType) {
            return false;
        }

        @Override
        protected InferenceBody readInternal(Class<? extends InferenceBody> type, HttpInputMessage message) {
            return new InferenceBody(message, this);
        }

        @Override
        protected void writeInternal(InferenceBody body, HttpOutputMessage message) {
            throw new HttpMessageNotWritableException("requests are only read");
        }
    }

    /** Reads the request for a model with the given signature. */
    InferenceRequest read(ModelSignature signature) {
        try {
            InputStream body = message.getBody();
            String length = message.getHeaders().getFirst(HEADER_LENGTH);
            if (length == null) {
                return form(converter.reader.readValue(body)).toRequest(signature, null, converter.memory::acquire);
            }
            int jsonLength = jsonLength(length);
            return jsonLength == 0
                    ? InferenceRequestForm.ofRaw(signature, body, converter.memory::acquire)
                    : form(readJson(body, jsonLength)).toRequest(signature, body, converter.memory::acquire);
        } catch (IOException | JacksonException e) {
            throw new HttpMessageNotReadableException("the request can't be read", e, message);
        } finally {
            converter.compute.release();
        }
    }

    private static int jsonLength(String header) throws UnreadableBodyException {
        if (!LENGTH.matcher(header).matches()) {
            throw new UnreadableBodyException(
                    ProblemType.MALFORMED_REQUEST,
                    "the header %s must be a whole number of at most 9 digits, but was %s"
                            .formatted(HEADER_LENGTH, ValueDescriptions.received(header)));
        }
        return Integer.parseInt(header);
    }

    private InferenceRequestForm readJson(InputStream body, int length) throws IOException {
        byte[] json = body.readNBytes(length); // allocated as the bytes arrive
        converter.memory.acquire(json.length);
        if (json.length < length) {
            throw new UnreadableBodyException(
                    ProblemType.UNREADABLE_BODY,
                    "the header %s says that the body has %d bytes of JSON, but the body has only %d bytes"
                            .formatted(HEADER_LENGTH, length, json.length));
        }
        return converter.reader.readValue(json);
    }

    private static InferenceRequestForm form(@Nullable InferenceRequestForm form) throws UnreadableBodyException {
        if (form == null) {
            throw new UnreadableBodyException(ProblemType.UNREADABLE_BODY, UnreadableBodyException.MISSING);
        }
        return form;
    }
}
