package io.backprop.store;

import io.backprop.engine.Network;
import io.backprop.engine.NetworkSpec;
import io.backprop.model.Model;
import io.backprop.model.ModelSpec;
import io.backprop.store.format.Checksum;
import io.backprop.store.format.CorruptDataException;
import io.backprop.store.format.Documents;
import io.backprop.store.format.ModelDocument;
import io.backprop.store.format.ParametersFormat;
import io.backprop.store.format.VersionDocument;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A model and one of its versions, encoded before the transaction that stores them. */
final class StoredModel {

    private static final Logger log = LoggerFactory.getLogger(StoredModel.class);

    final Model model;
    final String document;
    final String version;
    final byte @Nullable [] parameters; // null in version 0

    StoredModel(Model model) {
        Network network = model.network();
        this.model = model;
        this.document = Documents.write(ModelDocument.of(model));
        this.version = Documents.write(VersionDocument.of(model));
        this.parameters = network == null ? null : ParametersFormat.write(network.parameters());
    }

    /** Reads a model with its parameters. A corrupt row is logged and skipped. */
    static Optional<Model> read(ResultSet row, int number) throws SQLException {
        return read(row, row.getBytes("parameters"));
    }

    /** Reads a model without its parameters. A corrupt row is logged and skipped. */
    static Optional<Model> readWithoutParameters(ResultSet row, int number) throws SQLException {
        return read(row, (byte[]) null);
    }

    private static Optional<Model> read(ResultSet row, byte @Nullable [] parameters) throws SQLException {
        try {
            ModelDocument described = Documents.readModel(document(row, "model_document", "model_checksum"));
            VersionDocument read = Documents.readVersion(document(row, "document", "checksum"));
            ModelSpec spec = described.toSpec(read.architecture());
            return Optional.of(new Model(
                    row.getString("id"),
                    spec,
                    described.description(),
                    row.getLong("changes"),
                    parameters == null ? null : network(spec, parameters),
                    row.getLong("version"),
                    read.epochs(),
                    row.getInt("training") > 0, // null is 0
                    read.trainingMetrics(),
                    read.validationMetrics(),
                    read.warnings(),
                    EpochMicros.toInstant(row.getLong("created_at")),
                    read.trainedAt()));
        } catch (RuntimeException e) { // a corrupt document may cause any
            log.error(
                    "Skipping version {} of model \"{}\", which is corrupt: {}",
                    row.getLong("version"),
                    row.getString("id"),
                    e.getMessage());
            return Optional.empty();
        }
    }

    private static String document(ResultSet row, String column, String checksum) throws SQLException {
        String document = row.getString(column);
        if (row.getLong(checksum) != Checksum.of(document)) {
            throw new CorruptDataException("the checksum of its %s does not match".formatted(column));
        }
        return document;
    }

    private static Network network(ModelSpec spec, byte[] parameters) {
        NetworkSpec network = spec.architecture()
                .networkSpec()
                .orElseThrow(() -> new CorruptDataException("parameters exist, but the network's widths are unknown"));
        return Network.of(network, ParametersFormat.read(parameters));
    }
}
