package io.backprop.web.table;

import com.fasterxml.jackson.annotation.JsonCreator;
import io.backprop.web.problem.FieldProblem;
import io.backprop.web.problem.ProblemType;
import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Executable;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.springframework.util.ClassUtils;
import org.springframework.web.ErrorResponseException;
import tools.jackson.databind.util.RawValue;

/**
 * The fields of a request record that parameters of a query can set: single values, {@code epochs}, fields of nested
 * records, {@code earlyStopping.patience}, and entries of maps, {@code columns.zip}. Data can be sent only in the body.
 */
final class QueryFields {

    /** Stands for the key of a map in the name of a field. */
    private static final String ANY = "NAME";

    private static final Pattern JSON_VALUE =
            Pattern.compile("true|false|-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");
    private static final String ATTRIBUTE = QueryFields.class.getName();
    private static final Map<Class<?>, QueryFields> CACHE = new ConcurrentHashMap<>();

    private final Map<String, Field> fields = new TreeMap<>();

    /**
     * @param path names of the fields that lead to the value
     * @param isText whether the value is text even if it looks like a number
     */
    private record Field(List<String> path, boolean isText) {

        String name() {
            return String.join(".", path);
        }

        String last() {
            return path.get(path.size() - 1);
        }

        /** This field for a parameter with the key of a map; empty if the parameter has another name. */
        Optional<Field> withKeyOf(String parameter) {
            String prefix = name().substring(0, name().length() - ANY.length());
            boolean matches =
                    last().equals(ANY) && parameter.startsWith(prefix) && parameter.length() > prefix.length();
            return matches
                    ? Optional.of(new Field(
                            append(path.subList(0, path.size() - 1), parameter.substring(prefix.length())), isText))
                    : Optional.empty();
        }
    }

    private QueryFields() {}

    static QueryFields of(Class<?> recordType) {
        return CACHE.computeIfAbsent(recordType, type -> {
            QueryFields all = new QueryFields();
            all.collect(List.of(), type);
            return all;
        });
    }

    /** The fields that the query of a request was read by. */
    static Optional<QueryFields> of(HttpServletRequest request) {
        return Optional.ofNullable((QueryFields) request.getAttribute(ATTRIBUTE));
    }

    void setTo(HttpServletRequest request) {
        request.setAttribute(ATTRIBUTE, this);
    }

    private void collect(List<String> parents, Class<?> recordType) {
        for (RecordComponent component : recordType.getRecordComponents()) {
            Class<?> type = component.getType();
            List<String> path = append(parents, component.getName());
            List<Type> alternatives = creatorTypes(type);
            if (!alternatives.isEmpty()) {
                alternatives.forEach(alternative -> add(path, alternative));
            } else if (type.isRecord()) {
                collect(path, type);
            } else {
                add(path, component.getGenericType());
            }
        }
    }

    /** The types that a type is read from by its {@link JsonCreator} methods, in place of an object of its fields. */
    private static List<Type> creatorTypes(Class<?> type) {
        return Stream.<Executable>concat(
                        Arrays.stream(type.getDeclaredConstructors()), Arrays.stream(type.getDeclaredMethods()))
                .filter(creator -> creator.isAnnotationPresent(JsonCreator.class))
                .map(creator -> creator.getGenericParameterTypes()[0])
                .toList();
    }

    private void add(List<String> path, Type type) {
        if (type instanceof ParameterizedType map && map.getRawType() == Map.class) {
            add(append(path, ANY), map.getActualTypeArguments()[1]);
        } else if (type instanceof Class<?> raw && isSingleValue(ClassUtils.resolvePrimitiveIfNecessary(raw))) {
            Field field = new Field(path, raw == String.class || raw.isEnum());
            fields.put(field.name(), field);
        }
    }

    private static boolean isSingleValue(Class<?> type) {
        return type == String.class || type == Boolean.class || type.isEnum() || Number.class.isAssignableFrom(type);
    }

    private static List<String> append(List<String> path, String name) {
        return Stream.concat(path.stream(), Stream.of(name)).toList();
    }

    private Optional<Field> find(String parameter) {
        Field exact = fields.get(parameter);
        return exact != null && !exact.last().equals(ANY)
                ? Optional.of(exact)
                : fields.values().stream()
                        .flatMap(field -> field.withKeyOf(parameter).stream())
                        .findFirst();
    }

    /** Whether a parameter has this name, or names of parameters begin with it. */
    boolean contain(String field) {
        return find(field).isPresent() || fields.keySet().stream().anyMatch(name -> name.startsWith(field + "."));
    }

    /** Returns the JSON object of parameters: {@code a.b=1} is {@code {"a": {"b": 1}}}. */
    Map<String, Object> toJson(Map<String, String[]> parameters) {
        Map<String, Object> json = new LinkedHashMap<>();
        parameters.forEach((name, values) -> {
            Field field = find(name).orElseThrow(() -> unknown(name));
            if (values.length > 1) {
                throw unreadable(name, "is given more than once");
            }
            boolean isRaw = !field.isText && JSON_VALUE.matcher(values[0]).matches();
            put(json, field, isRaw ? new RawValue(values[0]) : values[0], name);
        });
        return json;
    }

    private ErrorResponseException unknown(String name) {
        String known = String.join(", ", fields.keySet());
        return unreadable(
                name, "is unknown here; " + (known.isEmpty() ? "no parameters are known" : "known: " + known));
    }

    private static ErrorResponseException unreadable(String name, String detail) {
        return ProblemType.UNREADABLE_PARAMETER.exception(FieldProblem.parameter(name, detail));
    }

    @SuppressWarnings("unchecked") // nested objects are maps like the outermost
    private static void put(Map<String, Object> json, Field field, Object value, String name) {
        Map<String, Object> object = json;
        for (String step : field.path.subList(0, field.path.size() - 1)) {
            Object inner = object.computeIfAbsent(step, absent -> new LinkedHashMap<String, Object>());
            if (!(inner instanceof Map<?, ?>)) {
                throw unreadable(name, "and " + step + " exclude each other");
            }
            object = (Map<String, Object>) inner;
        }
        if (object.putIfAbsent(field.last(), value) != null) {
            throw unreadable(name, "and " + field.last() + "." + ANY + " exclude each other");
        }
    }
}
