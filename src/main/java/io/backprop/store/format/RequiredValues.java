package io.backprop.store.format;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.lang.reflect.Constructor;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.AnnotatedParameter;
import tools.jackson.databind.introspect.NopAnnotationIntrospector;

/** Rejects null for components of records that are not {@link Nullable}, and as an element of a list or map. */
final class RequiredValues extends NopAnnotationIntrospector {

    private static final long serialVersionUID = 1;

    private static final JsonSetter.Value REQUIRED = JsonSetter.Value.construct(Nulls.FAIL, Nulls.FAIL);

    @Override
    public JsonSetter.@Nullable Value findSetterInfo(MapperConfig<?> config, Annotated annotated) {
        return annotated instanceof AnnotatedParameter parameter
                        && parameter.getOwner().getAnnotated() instanceof Constructor<?> constructor
                        && constructor.getDeclaringClass().isRecord()
                        && !isNullable(constructor.getDeclaringClass(), parameter.getIndex())
                ? REQUIRED
                : super.findSetterInfo(config, annotated);
    }

    private static boolean isNullable(Class<?> type, int component) {
        return type.getRecordComponents()[component].getAnnotatedType().isAnnotationPresent(Nullable.class);
    }
}
