package io.backprop.web.table;

import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.MediaType;
import org.springframework.http.converter.AbstractHttpMessageConverter;
import org.springframework.http.converter.HttpMessageNotReadableException;

/** Writes answers of one class as text in UTF-8, and for whoever accepts only another charset not at all. */
public abstract class TextConverter<T> extends AbstractHttpMessageConverter<T> {

    private final Class<T> answer;

    protected TextConverter(Class<T> answer, String... types) {
        super(
                StandardCharsets.UTF_8,
                Stream.of(types).map(MediaType::parseMediaType).toArray(MediaType[]::new));
        this.answer = answer;
    }

    @Override
    protected boolean supports(Class<?> type) {
        return type == answer;
    }

    @Override
    public boolean canRead(Class<?> type, @Nullable MediaType mediaType) {
        return false;
    }

    @Override
    protected boolean canWrite(@Nullable MediaType accepted) {
        boolean inUtf8 = accepted == null
                || accepted.getCharset() == null
                || accepted.getCharset().equals(StandardCharsets.UTF_8);
        return inUtf8 && super.canWrite(accepted);
    }

    @Override
    protected T readInternal(Class<? extends T> type, HttpInputMessage message) {
        throw new HttpMessageNotReadableException("an answer is only written", message);
    }
}
