package io.backprop.web.table;

import io.backprop.web.problem.HandlerArguments;
import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
 * Reads a request whose body is a table: the same record as from JSON, with the table as its {@code rows} and all else
 * from the query. The table itself is read by whoever asks for it, when nothing else can be wrong with the request.
 */
@Component
class TableRequestConverter extends AbstractHttpMessageConverter<Object> {

    private final TableReader tables;
    private final QueryReader queries;
    private final JsonMapper mapper;

    TableRequestConverter(TableReader tables, QueryReader queries, JsonMapper mapper) {
        super(TableTypes.ALL.toArray(MediaType[]::new));
        this.tables = tables;
        this.queries = queries;
        this.mapper = mapper;
    }

    @Override
    protected boolean supports(Class<?> type) {
        return type.isRecord() && rowsOf(type).isPresent();
    }

    /** How a record wants its rows. */
    private static Optional<Class<?>> rowsOf(Class<?> type) {
        return Arrays.stream(type.getRecordComponents())
                .<Class<?>>map(RecordComponent::getType)
                .filter(Set.of(RequestTable.class, RowSource.class)::contains)
                .findFirst();
    }

    @Override
    public boolean canWrite(Class<?> type, @Nullable MediaType mediaType) {
        return false;
    }

    @Override
    protected Object readInternal(Class<?> type, HttpInputMessage message) {
        Class<?> rows = rowsOf(type).orElseThrow();
        Object table = rows == RequestTable.class ? tables.table(message) : tables.rows(message);
        try {
            return mapper.readerFor(type).withAttribute(rows, table).readValue(queries.toJson(type, options()));
        } catch (JacksonException e) {
            throw new HttpMessageNotReadableException("the query can't be read", e, message);
        }
    }

    /** Parameters of the query but for those that the controller asks for by itself. */
    private static Map<String, String[]> options() {
        HttpServletRequest request =
                ((ServletRequestAttributes) RequestContextHolder.currentRequestAttributes()).getRequest();
        Map<String, String[]> options = new LinkedHashMap<>(request.getParameterMap());
        options.keySet().removeAll(HandlerArguments.parameters(request));
        return options;
    }

    @Override
    protected void writeInternal(Object request, HttpOutputMessage message) {
        throw new HttpMessageNotWritableException("a request is only read");
    }
}
