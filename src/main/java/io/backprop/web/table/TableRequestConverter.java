package io.backprop.web.table;

import io.backprop.limits.ComputeBudget;
import io.backprop.limits.MemoryBudget;
import io.backprop.tabular.CellRules;
import io.backprop.tabular.CsvTables;
import io.backprop.tabular.RowDivision;
import io.backprop.tabular.RowSink;
import io.backprop.tabular.Table;
import io.backprop.tabular.TableBuilder;
import io.backprop.tabular.TableException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.HttpOutputMessage;
import org.springframework.http.MediaType;
import org.springframework.http.converter.AbstractHttpMessageConverter;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.http.converter.HttpMessageNotWritableException;
import org.springframework.stereotype.Component;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads a request whose body is CSV or NDJSON: the record that is otherwise read from JSON, with its rows from the body and
 * its other fields from the query. The rows are read when the handler asks for them, after all other checks.
 */
@Component
class TableRequestConverter extends AbstractHttpMessageConverter<Object> {
    /*
     * The query is written as JSON and read by Jackson, so that a parameter is as strict as the field that it stands for,
     * which TableRequestTests shows. Spring's data binder would need an editor for each type, and can bind neither a map
     * whose keys contain dots nor a field that is either text or an object.
     */

    private final JsonMapper mapper;
    private final MemoryBudget memory;
    private final ComputeBudget compute;

    TableRequestConverter(JsonMapper mapper, MemoryBudget memory, ComputeBudget compute) {
        super(TableTypes.ALL.toArray(MediaType[]::new));
        this.mapper = mapper;
        this.memory = memory;
        this.compute = compute;
    }

    /**
     * The largest table: half of the heap, or a third if the length of the body is unknown, because the cells are then
     * copied once.
     */
    static long maxCells(long expectedBytes) {
        return Runtime.getRuntime().maxMemory() / Float.BYTES / (expectedBytes > 0 ? 2 : 3);
    }

    @Override
    protected boolean supports(Class<?> type) {
        return RowsRequest.class.isAssignableFrom(type);
    }

    @Override
    public boolean canWrite(Class<?> type, @Nullable MediaType mediaType) {
        return false;
    }

    @Override
    protected Object readInternal(Class<?> type, HttpInputMessage message) {
        HttpServletRequest request =
                ((ServletRequestAttributes) RequestContextHolder.currentRequestAttributes()).getRequest();
        QueryFields fields = QueryFields.of(type);
        fields.setTo(request);
        try {
            return mapper.readerFor(type)
                    .withAttribute(RowSource.class, new BodyRows(message))
                    .readValue(mapper.writeValueAsString(fields.toJson(request.getParameterMap())));
        } catch (JacksonException e) {
            throw new HttpMessageNotReadableException("the query can't be read", e, message);
        }
    }

    /** The rows in the body of a request. */
    private final class BodyRows implements RowSource {

        private final HttpInputMessage message;

        BodyRows(HttpInputMessage message) {
            this.message = message;
        }

        @Override
        public void readInto(RowSink sink) {
            read(message, sink);
        }

        @Override
        public Table toTable(CellRules rules, @Nullable RowDivision division) {
            long length = Math.max(0, message.getHeaders().getContentLength());
            TableBuilder builder = new TableBuilder(maxCells(length), length, rules, memory.current()::add, division);
            read(message, builder);
            return builder.build();
        }
    }

    private void read(HttpInputMessage message, RowSink sink) {
        MediaType type = message.getHeaders().getContentType();
        requireUtf8(type == null ? null : type.getCharset());
        try {
            if (MediaType.APPLICATION_NDJSON.isCompatibleWith(type)) {
                ObjectRows.readLines(mapper, message.getBody(), sink);
            } else {
                CsvTables.read(message.getBody(), sink);
            }
        } catch (IOException e) {
            throw new HttpMessageNotReadableException("the rows can't be read", e, message);
        } finally {
            compute.release();
        }
    }

    private static void requireUtf8(@Nullable Charset charset) {
        if (charset != null && !charset.equals(StandardCharsets.UTF_8) && !charset.equals(StandardCharsets.US_ASCII)) {
            throw TableException.unreadable("a table must be in UTF-8, but the Content-Type says %s", charset);
        }
    }

    @Override
    protected void writeInternal(Object request, HttpOutputMessage message) {
        throw new HttpMessageNotWritableException("requests are only read");
    }
}
