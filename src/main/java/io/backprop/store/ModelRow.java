package io.backprop.store;

import io.backprop.engine.Network;
import io.backprop.engine.NetworkSpec;
import io.backprop.model.Model;
import io.backprop.model.ModelCursor;
import io.backprop.model.ModelSpec;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A version of a model as the database has it. */
final class ModelRow {

    private static final Logger log = LoggerFactory.getLogger(ModelRow.class);

    private final String id;
    private final Instant createdAt;
    private final boolean training;
    private final long version;
    private final String document;
    private final long checksum;
    private final byte @Nullable [] parameters; // null in version 0, and where they were not asked for

    private ModelRow(Model model, String document, byte @Nullable [] parameters) {
        this.id = model.id();
        this.createdAt = model.createdAt();
        this.training = model.training();
        this.version = model.version();
        this.document = document;
        this.checksum = Checksum.of(document);
        this.parameters = parameters;
    }

    private ModelRow(ResultSet row, boolean withParameters) throws SQLException {
        this.id = row.getString("id");
        this.createdAt = Micros.toInstant(row.getLong("created_at"));
        this.training = row.getInt("training") > 0; // null is 0
        this.version = row.getLong("version");
        this.document = row.getString("document");
        this.checksum = row.getLong("checksum");
        this.parameters = withParameters ? row.getBytes("parameters") : null;
    }

    static ModelRow of(Model model) {
        Network network = model.network();
        return new ModelRow(
                model,
                Documents.write(ModelDocument.of(model)),
                network == null ? null : ParametersFormat.write(network.parameters()));
    }

    /** With all that is stored of the version. */
    static ModelRow whole(ResultSet row, int number) throws SQLException {
        return new ModelRow(row, true);
    }

    /** With all but the parameters. */
    static ModelRow withoutParameters(ResultSet row, int number) throws SQLException {
        return new ModelRow(row, false);
    }

    /** Adds the row to its table. */
    void insert(JdbcClient jdbc) {
        jdbc.sql("""
                        insert into model_version (model_id, version, document, checksum, parameters)
                        values (:id, :version, :document, :checksum, :parameters)""")
                .param("id", id)
                .param("version", version)
                .param("document", document)
                .param("checksum", checksum)
                .param("parameters", parameters, Types.BINARY)
                .update();
    }

    /**
     * Makes this row the current version of its model.
     *
     * @param training the number of the training that the version comes from, which is over by that; null for none
     * @return whether the model was as expected, and in no other training
     */
    boolean publish(JdbcClient jdbc, Model expected, @Nullable Integer training, long oldestKept) {
        int moved = jdbc.sql("""
                        update model set version = :next, training = null
                        where id = :id and created_at = :createdAt and version = :version
                          and coalesce(training, 0) = :training""")
                .param("next", version)
                .param("id", id)
                .param("createdAt", Micros.of(createdAt))
                .param("version", expected.version())
                .param("training", training == null ? 0 : training)
                .update();
        if (moved > 0) {
            insert(jdbc);
            jdbc.sql("delete from model_version where model_id = :id and version < :oldestKept")
                    .param("id", id)
                    .param("oldestKept", oldestKept)
                    .update();
        }
        return moved > 0;
    }

    /** Of the document, which most of a model's memory depends on while it has no parameters. */
    int characters() {
        return document.length();
    }

    ModelCursor cursor() {
        return new ModelCursor(createdAt, id);
    }

    /** The model; empty, and reported, if it can't be read. */
    Optional<Model> toModel() {
        try {
            return Optional.of(model());
        } catch (RuntimeException e) { // whatever a damaged document leads to
            log.error("Version {} of the model \"{}\" is damaged and passed over: {}", version, id, e.getMessage());
            return Optional.empty();
        }
    }

    private Model model() {
        if (checksum != Checksum.of(document)) {
            throw new DamagedException("the checksum of the document does not fit");
        }
        ModelDocument read = Documents.readModel(document);
        ModelSpec spec = read.toSpec();
        Network network = parameters == null ? null : network(spec, parameters);
        return new Model(
                id, spec, network, version, read.epochs(), training, read.metrics(), createdAt, read.trainedAt());
    }

    private static Network network(ModelSpec spec, byte[] parameters) {
        NetworkSpec network = spec.architecture()
                .networkSpec()
                .orElseThrow(() -> new DamagedException("there are parameters, but the network's widths are unknown"));
        return Network.of(network, ParametersFormat.read(parameters));
    }
}
