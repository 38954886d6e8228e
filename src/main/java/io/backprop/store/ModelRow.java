package io.backprop.store;

import io.backprop.engine.Network;
import io.backprop.engine.NetworkSpec;
import io.backprop.model.Model;
import io.backprop.model.ModelCursor;
import io.backprop.model.ModelSpec;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * A version of a model as the database has it.
 *
 * @param parameters null in version 0, and where they were not asked for
 */
record ModelRow(
        String id,
        Instant createdAt,
        boolean training,
        long version,
        String document,
        long checksum,
        byte @Nullable [] parameters) {

    private static final Logger log = LoggerFactory.getLogger(ModelRow.class);

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .build();

    static ModelRow of(Model model) {
        String document = write(ModelDocument.of(model));
        return new ModelRow(
                model.id(),
                model.createdAt(),
                model.training(),
                model.version(),
                document,
                Checksum.of(document),
                model.network() == null
                        ? null
                        : ParametersFormat.write(model.network().parameters()));
    }

    /** Of a row that has all columns but perhaps the parameters. */
    static ModelRow of(ResultSet row, boolean withParameters) throws SQLException {
        return new ModelRow(
                row.getString("id"),
                Micros.toInstant(row.getLong("created_at")),
                row.getLong("trained_until") > Micros.of(Instant.now()),
                row.getLong("version"),
                row.getString("document"),
                row.getLong("checksum"),
                withParameters ? row.getBytes("parameters") : null);
    }

    static String write(ModelDocument document) {
        return MAPPER.writeValueAsString(document);
    }

    static ModelDocument read(String document) {
        ModelDocument read = MAPPER.readValue(document, ModelDocument.class);
        if (read.format() != ModelDocument.FORMAT) {
            throw new DamagedException(
                    "the document must be of format %d, but is of %d".formatted(ModelDocument.FORMAT, read.format()));
        }
        return read;
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
        ModelDocument read = read(document);
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
