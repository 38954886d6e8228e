package io.backprop.training;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The kinds of trainings that are done in parts. */
@Component
class PartedTrainings {

    private final Map<Training.Kind, PartedTraining> byKind;

    PartedTrainings(List<PartedTraining> kinds) {
        this.byKind = kinds.stream().collect(Collectors.toMap(PartedTraining::kind, Function.identity()));
    }

    /** Null for a training without parts. */
    @Nullable
    PartedTraining find(Training.Kind kind) {
        return byKind.get(kind);
    }

    PartedTraining get(Training.Kind kind) {
        PartedTraining found = find(kind);
        if (found == null) {
            throw new IllegalArgumentException("a training of kind %s has no parts".formatted(kind));
        }
        return found;
    }
}
