package io.backprop.interchange.onnx;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Operators behind the probabilities of classes, which predict a class and name it. */
final class ClassOperations {

    private static final long NAME_BYTES = 64;

    private final ResultMemory memory;

    ClassOperations(ResultMemory memory) {
        this.memory = memory;
    }

    /** Joins the probabilities of two classes. */
    Value concat(Operation operation) {
        Value.Rows complement = operation.rows(0);
        Expression probability = operation.rows(1).expression();
        operation.requireLastAxis(complement, 0);
        operation.requireSupported(
                operation.inputCount() == 2
                        && probability.width() == 1
                        && Affine.of(complement.expression())
                                .isEqual(Affine.of(probability).times(-1).plus(1)),
                "it is known only for the probabilities 1 − p and p of two classes");
        return new Value.Rows(new Expression.TwoClasses(probability), List.of(2), false);
    }

    /** Compares probabilities of labels that do not exclude each other with any threshold. */
    Value binarizer(Operation operation) {
        return new Value.ClassIndexes(operation.rows(0).expression(), false);
    }

    Value argMax(Operation operation) {
        Value.Rows rows = operation.rows(0);
        operation.requireLastAxis(rows, 0);
        operation.requireSupported(
                operation.integer("select_last_index", 0) == 0, "of equal classes the first one is predicted");
        return new Value.ClassIndexes(rows.expression(), true);
    }

    Value names(Operation operation, Value names, Value indexes) {
        if (names instanceof Constant constant && indexes instanceof Value.ClassIndexes classes) {
            requireNames(operation, classes.probabilities(), constant.size());
            return new Value.ClassNames(classes.probabilities(), constant.toTexts());
        }
        throw operation.unsupported("it is known only for names of classes");
    }

    private void requireNames(Operation operation, Expression probabilities, int names) {
        operation.require(names == probabilities.width(), "has %d names for %d classes", names, probabilities.width());
        memory.spend(operation, NAME_BYTES * names);
    }

    Value zipMap(Operation operation) {
        Expression probabilities = operation.rows(0).expression();
        List<String> names = operation
                .attribute("classlabels_strings", OnnxAttribute.OfStrings.class)
                .map(OnnxAttribute.OfStrings::values)
                .or(() -> operation
                        .attribute("classlabels_int64s", OnnxAttribute.OfInts.class)
                        .map(integers ->
                                integers.values().stream().map(String::valueOf).toList()))
                .orElse(List.of());
        requireNames(operation, probabilities, names.size());
        return new Value.ClassNames(probabilities, names);
    }

    Value labelEncoder(Operation operation) {
        List<String> keys = operation.texts("keys_");
        List<String> values = operation.texts("values_");
        Expression probabilities;
        List<String> classes;
        if (operation.input(0) instanceof Value.ClassNames named) {
            probabilities = named.probabilities();
            classes = named.names();
        } else if (operation.input(0) instanceof Value.ClassIndexes indexes) {
            probabilities = indexes.probabilities();
            classes = IntStream.range(0, probabilities.width())
                    .mapToObj(String::valueOf)
                    .toList();
        } else {
            throw operation.unsupported("it is known only for names of classes");
        }
        requireNames(operation, probabilities, keys.size());
        requireNames(operation, probabilities, values.size());
        Map<String, String> names = new HashMap<>();
        for (int i = 0; i < keys.size(); i++) {
            names.put(keys.get(i), values.get(i));
        }
        operation.require(names.keySet().containsAll(classes), "has no value for a class");
        return new Value.ClassNames(
                probabilities, classes.stream().map(names::get).toList());
    }
}
