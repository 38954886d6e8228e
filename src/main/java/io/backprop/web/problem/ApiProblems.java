package io.backprop.web.problem;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The problems a controller's method can answer with, for the OpenAPI document.
 *
 * <p>Those of any body (unreadable, too large, wrong type, invalid) and of any parameter are known already and need no
 * mention.
 */
@Documented
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
public @interface ApiProblems {

    ProblemType[] value();
}
