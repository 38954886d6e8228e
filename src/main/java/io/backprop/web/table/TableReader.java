package io.backprop.web.table;

import io.backprop.limits.MemoryBudget;
import io.backprop.tabular.CsvTables;
import io.backprop.tabular.RowSink;
import io.backprop.tabular.TableBuilder;
import io.backprop.tabular.TableException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Reads bodies that are tables. */
@Component
class TableReader {

    private static final long CELLS_OF_HEAP = Runtime.getRuntime().maxMemory() / Float.BYTES;

    private final NdjsonTables ndjson;
    private final MemoryBudget memory;

    TableReader(JsonMapper mapper, MemoryBudget memory) {
        this.ndjson = new NdjsonTables(mapper);
        this.memory = memory;
    }

    /**
     * May take half of the heap, or if nobody knows how long the table will be a third, as a table that grows needs as much
     * again.
     *
     * @param expectedBytes of all lines together, if rows stand in lines; 0 if unknown
     */
    static TableBuilder builder(long expectedBytes, LongConsumer memory) {
        return new TableBuilder(CELLS_OF_HEAP / (expectedBytes > 0 ? 2 : 3), expectedBytes, memory);
    }

    /** The table of a body, which is read when it is asked for. */
    RequestTable table(HttpInputMessage message) {
        return () -> {
            TableBuilder table =
                    builder(Math.max(0, message.getHeaders().getContentLength()), memory.forRequest()::add);
            rows(message).readInto(table);
            return table.build();
        };
    }

    /** The rows of a body, which is read when they are asked for. */
    RowSource rows(HttpInputMessage message) {
        return sink -> {
            try {
                read(message, sink);
            } catch (IOException e) {
                throw new HttpMessageNotReadableException("the rows can't be read", e, message);
            }
        };
    }

    private void read(HttpInputMessage message, RowSink sink) throws IOException {
        MediaType type = message.getHeaders().getContentType();
        requireUtf8(type == null ? null : type.getCharset());
        InputStream body = message.getBody();
        if (MediaType.APPLICATION_NDJSON.isCompatibleWith(type)) {
            ndjson.read(body, sink);
        } else {
            CsvTables.read(body, sink);
        }
    }

    private static void requireUtf8(@Nullable Charset charset) {
        if (charset != null && !charset.equals(StandardCharsets.UTF_8) && !charset.equals(StandardCharsets.US_ASCII)) {
            throw TableException.unreadable("a table must be in UTF-8, but the Content-Type says %s", charset);
        }
    }
}
