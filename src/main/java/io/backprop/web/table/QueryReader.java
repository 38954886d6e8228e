package io.backprop.web.table;

import io.backprop.web.problem.FieldProblem;
import io.backprop.web.problem.ProblemType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;
import org.springframework.web.ErrorResponseException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.util.RawValue;

/** Writes a query as the JSON of a request record, so that it is then read by the same rules. */
@Component
class QueryReader {

    private static final Pattern JSON_VALUE =
            Pattern.compile("true|false|-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");

    private final JsonMapper mapper;

    QueryReader(JsonMapper mapper) {
        this.mapper = mapper;
    }

    /**
     * The JSON of the parameters: {@code a.b=1} is {@code {"a": {"b": 1}}}.
     *
     * @param parameters values by name
     */
    String toJson(Class<?> recordType, Map<String, String[]> parameters) {
        QueryFields fields = QueryFields.of(recordType);
        Map<String, Object> json = new LinkedHashMap<>();
        parameters.forEach((name, values) -> {
            QueryFields.Field field = fields.find(name).orElseThrow(() -> unknown(name, fields));
            if (values.length > 1) {
                throw ProblemType.UNREADABLE_PARAMETER.exception(
                        FieldProblem.parameter(name, "is given more than once"));
            }
            boolean plain = !field.text() && JSON_VALUE.matcher(values[0]).matches();
            put(json, field.path(), plain ? new RawValue(values[0]) : values[0], name);
        });
        return mapper.writeValueAsString(json);
    }

    private static ErrorResponseException unknown(String name, QueryFields fields) {
        String known = fields.all().stream().map(QueryFields.Field::name).collect(Collectors.joining(", "));
        return ProblemType.UNREADABLE_PARAMETER.exception(FieldProblem.parameter(
                name, "is unknown here; " + (known.isEmpty() ? "no parameters are known" : "known: " + known)));
    }

    @SuppressWarnings("unchecked") // what is no value is a map like the outermost
    private static void put(Map<String, Object> json, List<String> path, Object value, String name) {
        Map<String, Object> object = json;
        for (String step : path.subList(0, path.size() - 1)) {
            Object inner = object.computeIfAbsent(step, none -> new LinkedHashMap<String, Object>());
            if (!(inner instanceof Map<?, ?>)) {
                throw ProblemType.UNREADABLE_PARAMETER.exception(
                        FieldProblem.parameter(name, "and " + step + " exclude each other"));
            }
            object = (Map<String, Object>) inner;
        }
        String last = path.get(path.size() - 1);
        if (object.putIfAbsent(last, value) != null) {
            throw ProblemType.UNREADABLE_PARAMETER.exception(
                    FieldProblem.parameter(name, "and " + last + "." + QueryFields.ANY + " exclude each other"));
        }
    }
}
