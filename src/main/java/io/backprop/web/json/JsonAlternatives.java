package io.backprop.web.json;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.lang.reflect.Executable;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Types that stand in JSON as something else than an object of their fields. */
public final class JsonAlternatives {

    private JsonAlternatives() {}

    /** What else a type is read from, of which it has several; empty if it is from its fields. */
    public static List<Type> typesFor(Class<?> type) {
        return Stream.<Executable>concat(
                        Arrays.stream(type.getDeclaredConstructors()), Arrays.stream(type.getDeclaredMethods()))
                .filter(creator -> creator.isAnnotationPresent(JsonCreator.class))
                .map(creator -> creator.getGenericParameterTypes()[0])
                .toList();
    }
}
