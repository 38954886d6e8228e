package io.backprop.web.problem;

import com.fasterxml.jackson.annotation.JsonValue;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.ElementKind;
import jakarta.validation.Path;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.context.MessageSourceResolvable;
import org.springframework.core.MethodParameter;
import org.springframework.validation.Errors;
import org.springframework.validation.ObjectError;
import org.springframework.validation.method.ParameterErrors;
import org.springframework.validation.method.ParameterValidationResult;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.method.annotation.HandlerMethodValidationException;

/** Translates constraint violations: the message of a constraint is the rule, the received value is appended. */
final class ValidationProblems {

    private ValidationProblems() {}

    static List<FieldProblem> of(Errors errors) {
        return errors.getAllErrors().stream().map(ValidationProblems::ofField).toList();
    }

    static List<FieldProblem> of(HandlerMethodValidationException e) {
        return e.getParameterValidationResults().stream()
                .flatMap(ValidationProblems::ofParameter)
                .toList();
    }

    private static FieldProblem ofField(ObjectError error) {
        ConstraintViolation<?> violation = error.unwrap(ConstraintViolation.class);
        return FieldProblem.at(pathOf(violation), rule(error) + received(error, violation.getInvalidValue()));
    }

    private static Stream<FieldProblem> ofParameter(ParameterValidationResult result) {
        if (result instanceof ParameterErrors body) {
            return of((Errors) body).stream();
        }
        String name = nameOf(result.getMethodParameter());
        return result.getResolvableErrors().stream()
                .map(error -> FieldProblem.parameter(name, rule(error) + received(error, result.getArgument())));
    }

    private static FieldPath pathOf(ConstraintViolation<?> violation) {
        FieldPath path = FieldPath.ROOT;
        String withoutName = valueOf(violation.getLeafBean());
        for (Path.Node node : violation.getPropertyPath()) {
            if (node.getIndex() != null) {
                path = path.position(node.getIndex());
            } else if (node.getKey() != null) {
                path = path.field(node.getKey().toString());
            }
            if (node.getKind() == ElementKind.PROPERTY && !Objects.equals(node.getName(), withoutName)) {
                path = path.field(node.getName());
            }
        }
        return path;
    }

    /** The record component that is the JSON of a record; null if that is an object with all components. */
    private static @Nullable String valueOf(@Nullable Object bean) {
        return bean == null || !bean.getClass().isRecord()
                ? null
                : Arrays.stream(bean.getClass().getRecordComponents())
                        .filter(component -> component.getAccessor().isAnnotationPresent(JsonValue.class))
                        .map(RecordComponent::getName)
                        .findFirst()
                        .orElse(null);
    }

    private static String rule(MessageSourceResolvable error) {
        return String.valueOf(error.getDefaultMessage());
    }

    private static String received(MessageSourceResolvable error, @Nullable Object value) {
        String[] codes = error.getCodes();
        if (codes != null && codes[codes.length - 1].equals("Size")) {
            int size = value instanceof Collection<?> list
                    ? list.size()
                    : String.valueOf(value).length();
            return ", but has " + size;
        }
        boolean isScalar = value instanceof Number || value instanceof CharSequence;
        return isScalar ? ", but was " + ValueDescriptions.received(value) : "";
    }

    /** The name of a parameter in requests. */
    private static String nameOf(MethodParameter parameter) {
        RequestHeader header = parameter.getParameterAnnotation(RequestHeader.class);
        return header == null ? String.valueOf(parameter.getParameterName()) : header.name();
    }
}
