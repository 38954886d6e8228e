package io.backprop.web.json;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.Deserializers;
import tools.jackson.databind.deser.ValueInstantiator;
import tools.jackson.databind.ext.jdk8.Jdk8OptionalDeserializer;
import tools.jackson.databind.jsontype.TypeDeserializer;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.type.ReferenceType;

/**
 * Reads an {@link Optional} that is null if the field is absent and empty if it is null, which a merge patch distinguishes
 * (RFC 7396). Jackson's own is empty in both cases.
 */
@Component
class PatchModule extends SimpleModule {

    private static final long serialVersionUID = 1;

    @Override
    public void setupModule(SetupContext context) {
        super.setupModule(context);
        context.addDeserializers(new OptionalDeserializers());
    }

    private static final class OptionalDeserializers extends Deserializers.Base {

        @Override
        public @Nullable ValueDeserializer<?> findReferenceDeserializer(
                ReferenceType type,
                DeserializationConfig config,
                BeanDescription.Supplier description,
                @Nullable TypeDeserializer contentTypes,
                @Nullable ValueDeserializer<?> content) {
            return type.hasRawClass(Optional.class)
                    ? new PatchedValueDeserializer(type, null, contentTypes, content)
                    : null;
        }

        @Override
        public boolean hasDeserializerFor(DeserializationConfig config, Class<?> type) {
            return type == Optional.class;
        }
    }

    private static final class PatchedValueDeserializer extends Jdk8OptionalDeserializer {

        PatchedValueDeserializer(
                JavaType type,
                @Nullable ValueInstantiator instantiator,
                @Nullable TypeDeserializer contentTypes,
                @Nullable ValueDeserializer<?> content) {
            super(type, instantiator, contentTypes, content);
        }

        @Override
        public Jdk8OptionalDeserializer withResolved(
                @Nullable TypeDeserializer contentTypes, @Nullable ValueDeserializer<?> content) {
            return new PatchedValueDeserializer(_fullType, _valueInstantiator, contentTypes, content);
        }

        @Override
        public @Nullable Object getAbsentValue(DeserializationContext context) {
            return null;
        }
    }
}
