package io.backprop.store.format;

import io.backprop.model.Model;

/** A version of a model in a file, without its parameters. */
public record ExportDocument(String id, long version, ModelDocument model, VersionDocument state) {

    public static ExportDocument of(Model model) {
        return new ExportDocument(model.id(), model.version(), ModelDocument.of(model), VersionDocument.of(model));
    }
}
