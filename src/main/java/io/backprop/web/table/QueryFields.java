package io.backprop.web.table;

import io.backprop.web.json.JsonAlternatives;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.springframework.util.ClassUtils;

/**
 * The fields of a request record that may stand in a query, by the names they have there: those of single values, {@code
 * epochs}, within other records, {@code earlyStopping.patience}, and of any name, {@code columns.zip}. Data may not.
 */
public final class QueryFields {

    /** What stands for any name. */
    public static final String ANY = "NAME";

    private final Map<String, Field> fields = new TreeMap<>();

    /**
     * A parameter.
     *
     * @param path to its field
     * @param text whether its value is text even if it looks like a number
     */
    public record Field(List<String> path, boolean text) {

        public String name() {
            return String.join(".", path);
        }

        boolean isOfAnyName() {
            return path.get(path.size() - 1).equals(ANY);
        }

        private Field withLast(String last) {
            List<String> named = Stream.concat(path.stream().limit(path.size() - 1), Stream.of(last))
                    .toList();
            return new Field(named, text);
        }
    }

    private QueryFields() {}

    public static QueryFields of(Class<?> recordType) {
        QueryFields all = new QueryFields();
        all.collect(List.of(), recordType);
        return all;
    }

    private void collect(List<String> parents, Class<?> recordType) {
        for (RecordComponent component : recordType.getRecordComponents()) {
            Class<?> type = component.getType();
            List<String> path = append(parents, component.getName());
            List<Type> others = JsonAlternatives.typesFor(type);
            if (!others.isEmpty()) {
                others.forEach(other -> add(path, other));
            } else if (type.isRecord()) {
                collect(path, type);
            } else {
                add(path, component.getGenericType());
            }
        }
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

    /** The field of a parameter. */
    Optional<Field> find(String parameter) {
        Field exact = fields.get(parameter);
        if (exact != null && !exact.isOfAnyName()) {
            return Optional.of(exact);
        }
        return fields.values().stream()
                .filter(Field::isOfAnyName)
                .flatMap(field -> {
                    String prefix = field.name().substring(0, field.name().length() - ANY.length());
                    boolean named = parameter.startsWith(prefix) && parameter.length() > prefix.length();
                    return named ? Stream.of(field.withLast(parameter.substring(prefix.length()))) : Stream.empty();
                })
                .findFirst();
    }

    /** Whether a parameter of this name, or several that begin with it, stand for a field. */
    boolean know(String field) {
        return find(field).isPresent() || fields.keySet().stream().anyMatch(name -> name.startsWith(field + "."));
    }

    /** All, in order of their names. */
    public List<Field> all() {
        return List.copyOf(fields.values());
    }
}
