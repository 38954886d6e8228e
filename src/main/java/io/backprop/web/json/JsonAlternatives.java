package io.backprop.web.json;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.lang.reflect.Executable;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Types that are read from other JSON than an object of their fields. */
public final class JsonAlternatives {

    private JsonAlternatives() {}

    /** The types of the values that a type is read from by its {@link JsonCreator} methods; empty if it has none. */
    public static List<Type> typesFor(Class<?> type) {
        return Stream.<Executable>concat(
                        Arrays.stream(type.getDeclaredConstructors()), Arrays.stream(type.getDeclaredMethods()))
                .filter(creator -> creator.isAnnotationPresent(JsonCreator.class))
                .map(creator -> creator.getGenericParameterTypes()[0])
                .toList();
    }
}
