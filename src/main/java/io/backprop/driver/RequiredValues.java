package io.backprop.driver;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Constructor;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.AnnotatedParameter;
import tools.jackson.databind.introspect.NopAnnotationIntrospector;

/** Rejects null for components of records, and for elements of their lists and maps, whose type is not {@link Nullable}. */
final class RequiredValues extends NopAnnotationIntrospector {

    private static final long serialVersionUID = 1;

    @Override
    public JsonSetter.@Nullable Value findSetterInfo(MapperConfig<?> config, Annotated annotated) {
        if (annotated instanceof AnnotatedParameter parameter
                && parameter.getOwner().getAnnotated() instanceof Constructor<?> constructor
                && constructor.getDeclaringClass().isRecord()) {
            AnnotatedType type = constructor
                    .getDeclaringClass()
                    .getRecordComponents()[parameter.getIndex()]
                    .getAnnotatedType();
            return JsonSetter.Value.construct(onNull(type), onNull(elementOf(type)));
        }
        return super.findSetterInfo(config, annotated);
    }

    private static Nulls onNull(@Nullable AnnotatedType type) {
        return type == null || type.isAnnotationPresent(Nullable.class) ? Nulls.DEFAULT : Nulls.FAIL;
    }

    /** The type of the elements of a list, or of the values of a map; null for any other type. */
    private static @Nullable AnnotatedType elementOf(AnnotatedType type) {
        if (!(type instanceof AnnotatedParameterizedType list)) {
            return null;
        }
        AnnotatedType[] arguments = list.getAnnotatedActualTypeArguments();
        return arguments[arguments.length - 1];
    }
}
