package io.backprop.web.table;

import io.backprop.tabular.FileSignatures;
import io.backprop.tabular.RowSink;
import io.backprop.tabular.TableException;
import io.backprop.web.json.JsonProblems;
import java.io.IOException;
import java.io.InputStream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/** Reads tables from NDJSON: a flat object in each line, all with the same fields. */
final class NdjsonTables {

    private final ObjectReader reader;

    NdjsonTables(JsonMapper mapper) {
        this.reader = mapper.reader().without(StreamReadFeature.STRICT_DUPLICATE_DETECTION); // rows look for themselves
    }

    /** Reads all rows, one after the other. The stream is not closed. */
    void read(InputStream in, RowSink sink) throws IOException {
        JsonParser parser = reader.createParser(FileSignatures.check(in));
        try {
            boolean empty = parser.nextToken() == null;
            for (ObjectRows rows = new ObjectRows(parser, true, sink); parser.currentToken() != null; ) {
                rows.readRow();
                parser.nextToken();
            }
            if (empty) {
                throw TableException.invalid("a table must have at least 1 row, but has none");
            }
        } catch (JacksonIOException e) {
            throw e.getCause();
        } catch (JacksonException e) {
            throw TableException.unreadable(
                    "line %d %s", parser.currentLocation().getLineNr(), JsonProblems.fault(e));
        }
    }
}
