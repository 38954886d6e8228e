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
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.BeanUtils;
import org.springframework.web.ErrorResponseException;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.util.RawValue;

/**
 * The fields of a request record that parameters of a query can set: single values, {@code epochs}, lists of text, fields of nested
 * records, {@code earlyStopping.patience}, entries of maps, {@code columns.zip}, and objects as JSON text. Data can be sent
 * only in the body.
 */
final class QueryFields {

    static final QueryFields NONE = new QueryFields();

    /** Stands for the key of a map in the name of a field. */
    private static final String ANY = "NAME";

    private static final Pattern JSON_VALUE =
            Pattern.compile("true|false|-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");
    private static final String ATTRIBUTE = QueryFields.class.getName();
    private static final Map<Class<?>, QueryFields> CACHE = new ConcurrentHashMap<>();

    /** The types of the fields by name. A name has at most two parts. */
    private final Map<String, Class<?>> types = new TreeMap<>();

    private QueryFields() {}

    static QueryFields of(Class<?> recordType) {
        return CACHE.computeIfAbsent(recordType, type -> {
            QueryFields all = new QueryFields();
            all.collect("", type);
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

    private void collect(String prefix, Class<?> recordType) {
        for (RecordComponent component : recordType.getRecordComponents()) {
            String name = prefix + component.getName();
            List<Type> alternatives = creatorTypes(component.getType());
            JsonDeserialize deserialized = component.getAccessor().getAnnotation(JsonDeserialize.class);
            if (deserialized != null && deserialized.using() == JsonParameterDeserializer.class) {
                add(name, String.class);
            } else if (!alternatives.isEmpty()) {
                alternatives.forEach(alternative -> add(name, alternative));
            } else if (component.getType().isRecord()) {
                collect(name + ".", component.getType());
            } else {
                add(name, component.getGenericType());
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

    private void add(String name, Type type) {
        if (type instanceof ParameterizedType map && map.getRawType() == Map.class) {
            add(name + "." + ANY, map.getActualTypeArguments()[1]);
        } else if (type instanceof ParameterizedType list
                && list.getRawType() == List.class
                && list.getActualTypeArguments()[0] == String.class) {
            types.put(name, List.class);
        } else if (type instanceof Class<?> raw && BeanUtils.isSimpleValueType(raw)) {
            types.put(name, raw);
        }
    }

    private @Nullable Class<?> typeOf(String parameter) {
        int keyStart = parameter.indexOf('.') + 1;
        Class<?> exact = types.get(parameter);
        return exact != null || keyStart == parameter.length()
                ? exact
                : types.get(parameter.substring(0, keyStart) + ANY);
    }

    /** The names of all parameters, sorted. */
    Set<String> names() {
        return types.keySet();
    }

    /** Whether there is a parameter with this name. */
    boolean haveParameter(String name) {
        return typeOf(name) != null;
    }

    /** Whether the values of all parameters with this name are a list. */
    boolean isRepeatable(String name) {
        return typeOf(name) == List.class;
    }

    /** Whether a parameter has this name, or names of parameters begin with it. */
    boolean contain(String field) {
        return typeOf(field) != null || types.keySet().stream().anyMatch(name -> name.startsWith(field + "."));
    }

    /**
     * Returns the JSON object of the parameters of a query that belong to these fields: {@code a.b=1} is {@code {"a": {"b":
     * 1}}}.
     */
    Map<String, Object> toJson(Map<String, String[]> query) {
        Map<String, Object> json = new LinkedHashMap<>();
        query.forEach((name, values) -> {
            Class<?> type = typeOf(name);
            if (type == List.class) {
                put(json, name, List.of(values));
            } else if (type != null) {
                boolean isText = type == String.class || type.isEnum(); // even if it looks like a number
                boolean isRaw = !isText && JSON_VALUE.matcher(values[0]).matches();
                put(json, name, isRaw ? new RawValue(values[0]) : values[0]);
            }
        });
        return json;
    }

    @SuppressWarnings("unchecked") // nested objects are maps like the outermost
    private static void put(Map<String, Object> json, String name, Object value) {
        String[] path = name.split("\\.", 2);
        if (path.length == 1) {
            if (json.putIfAbsent(name, value) != null) {
                throw excluded(name, "and " + name + "." + ANY + " exclude each other");
            }
        } else if (json.computeIfAbsent(path[0], absent -> new LinkedHashMap<>()) instanceof Map<?, ?> object) {
            ((Map<String, Object>) object).put(path[1], value);
        } else {
            throw excluded(name, "and " + path[0] + " exclude each other");
        }
    }

    private static ErrorResponseException excluded(String name, String detail) {
        return ProblemType.UNREADABLE_PARAMETER.exception(FieldProblem.parameter(name, detail));
    }
}
