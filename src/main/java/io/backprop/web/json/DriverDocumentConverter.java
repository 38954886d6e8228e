package io.backprop.web.json;

import io.backprop.driver.DriverDocuments;
import java.io.IOException;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.HttpOutputMessage;
import org.springframework.http.MediaType;
import org.springframework.http.converter.AbstractHttpMessageConverter;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;

/** Reads and writes the documents that the service and a driver send each other as both of them do. */
@Component
class DriverDocumentConverter extends AbstractHttpMessageConverter<Object> {

    DriverDocumentConverter() {
        super(MediaType.APPLICATION_JSON);
    }

    @Override
    protected boolean supports(Class<?> type) {
        return type.isRecord() && type.getPackage().equals(DriverDocuments.class.getPackage());
    }

    @Override
    protected Object readInternal(Class<?> type, HttpInputMessage message) throws IOException {
        try {
            Object document = DriverDocuments.mapper().readValue(message.getBody(), type);
            if (document == null) {
                throw new HttpMessageNotReadableException("the body is null", message);
            }
            return document;
        } catch (JacksonException e) {
            throw new HttpMessageNotReadableException("the document can't be read", e, message);
        }
    }

    @Override
    protected void writeInternal(Object document, HttpOutputMessage message) throws IOException {
        message.getBody().write(DriverDocuments.write(document));
    }
}
