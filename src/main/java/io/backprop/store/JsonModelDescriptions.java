package io.backprop.store;

import io.backprop.engine.InvalidArgumentException;
import io.backprop.interchange.ModelDescription;
import io.backprop.interchange.ModelDescriptions;
import io.backprop.interchange.ModelFileException;
import io.backprop.model.InvalidInputException;
import io.backprop.model.Model;
import io.backprop.store.format.CorruptDataException;
import io.backprop.store.format.Documents;
import io.backprop.store.format.ExportDocument;
import io.backprop.store.format.VersionDocument;
import java.time.Instant;
import org.springframework.stereotype.Component;

/** Descriptions of the same documents that the store has of a model and its version. */
@Component
class JsonModelDescriptions implements ModelDescriptions {

    @Override
    public String write(Model model) {
        return Documents.write(ExportDocument.of(model));
    }

    @Override
    public ModelDescription read(String json) {
        try {
            return describe(Documents.readExport(json));
        } catch (CorruptDataException | InvalidArgumentException | InvalidInputException e) {
            throw new ModelFileException("the description of the model is invalid: " + e.getMessage(), e);
        }
    }

    private static ModelDescription describe(ExportDocument document) {
        VersionDocument state = document.state();
        Model model = new Model(
                document.id(),
                document.model().toSpec(state.architecture(), state.networks()),
                document.model().description(),
                0,
                null,
                document.version(),
                state.epochs(),
                false,
                state.trainingMetrics(),
                state.validationMetrics(),
                state.warnings(),
                Instant.EPOCH,
                state.trainedAt());
        return new ModelDescription(model, state.networks(), state.temperature());
    }
}
