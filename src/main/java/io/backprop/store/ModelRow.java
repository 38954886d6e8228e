package io.backprop.store;

import io.backprop.engine.Network;
import io.backprop.engine.NetworkSpec;
import io.backprop.model.Model;
import io.backprop.model.ModelCursor;
import io.backprop.model.ModelSpec;
import io.backprop.store.format.Checksum;
import io.backprop.store.format.CorruptDataException;
import io.backprop.store.format.Documents;
import io.backprop.store.format.ModelDocument;
import io.backprop.store.format.ParametersFormat;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A version of a model in its stored form. */
final class ModelRow {

    private static final Logger log = LoggerFactory.getLogger(ModelRow.class);

    final String id;
    final Instant createdAt;
    final long version;
    final String document;
    final long checksum;
    final byte @Nullable [] parameters; // null in version 0, and if they were not selected

    private final boolean training;

    private ModelRow(Model model, String document) {
        Network network = model.network();
        this.id = model.id();
        this.createdAt = model.createdAt();
        this.training = model.training();
        this.version = model.version();
        this.document = document;
        this.checksum = Checksum.of(document);
        this.parameters = network == null ? null : ParametersFormat.write(network.parameters());
    }

    private ModelRow(ResultSet row, boolean withParameters) throws SQLException {
        this.id = row.getString("id");
        this.createdAt = EpochMicros.toInstant(row.getLong("created_at"));
        this.training = row.getInt("training") > 0; // null is 0
        this.version = row.getLong("version");
        this.document = row.getString("document");
        this.checksum = row.getLong("checksum");
        this.parameters = withParameters ? row.getBytes("parameters") : null;
    }

    static ModelRow of(Model model) {
        return new ModelRow(model, Documents.write(ModelDocument.of(model)));
    }

    static ModelRow withParameters(ResultSet row, int number) throws SQLException {
        return new ModelRow(row, true);
    }

    static ModelRow withoutParameters(ResultSet row, int number) throws SQLException {
        return new ModelRow(row, false);
    }

    ModelCursor cursor() {
        return new ModelCursor(createdAt, id);
    }

    /** Returns the model. A corrupt row is logged and skipped. */
    Optional<Model> toModel() {
        try {
            return Optional.of(read());
        } catch (RuntimeException e) { // a corrupt document may cause any
            log.error("Skipping version {} of model \"{}\", which is corrupt: {}", version, id, e.getMessage());
            return Optional.empty();
        }
    }

    private Model read() {
        if (checksum != Checksum.of(document)) {
            throw new CorruptDataException("the checksum of the document does not match");
        }
        ModelDocument read = Documents.readModel(document);
        Network network = parameters == null ? null : network(read.spec(), parameters);
        return new Model(
                id,
                read.spec(),
                network,
                version,
                read.epochs(),
                training,
                read.metrics(),
                createdAt,
                read.trainedAt());
    }

    private static Network network(ModelSpec spec, byte[] parameters) {
        NetworkSpec network = spec.architecture()
                .networkSpec()
                .orElseThrow(() -> new CorruptDataException("parameters exist, but the network's widths are unknown"));
        return Network.of(network, ParametersFormat.read(parameters));
    }
}
