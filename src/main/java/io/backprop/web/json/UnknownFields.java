package io.backprop.web.json;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What a problem says about an unknown field of the annotated record. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface UnknownFields {
    String value();

    /** What the known fields are. */
    String known();

    /** Whether the record can be read with an unknown field, which is only an invalid value then. */
    boolean isInvalid() default false;
}
