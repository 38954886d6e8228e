package io.backprop.store;

import io.backprop.model.Model;
import io.backprop.training.IdempotencyKey;
import io.backprop.training.PreparedTraining;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A training to be added: all but its data is written down before a transaction begins. */
final class NewTraining {

    final String id = UUID.randomUUID().toString();
    final Model model;
    final @Nullable String key;
    final @Nullable String bodyDigest;
    final int folds;
    final int epochs;
    final int examples;
    final String document;
    final @Nullable String warnings; // JSON

    NewTraining(PreparedTraining prepared, @Nullable IdempotencyKey key) {
        this.key = key == null ? null : key.value();
        this.bodyDigest = key == null ? null : key.bodyDigest();
        this.model = prepared.model();
        this.folds = prepared.folds();
        this.epochs = prepared.plan().epochs() * Math.max(1, folds);
        this.examples = prepared.data().training().size();
        this.document = Documents.write(TrainingDocument.of(prepared));
        this.warnings = prepared.warnings().isEmpty() ? null : Documents.write(prepared.warnings());
    }
}
