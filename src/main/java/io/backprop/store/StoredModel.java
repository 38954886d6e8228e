package io.backprop.store;

import io.backprop.engine.Ensemble;
import io.backprop.engine.NetworkSpec;
import io.backprop.model.Architecture;
import io.backprop.model.CorruptModelException;
import io.backprop.model.Model;
import io.backprop.store.BlobStore.BlobWriter;
import io.backprop.store.format.Checksum;
import io.backprop.store.format.CorruptDataException;
import io.backprop.store.format.Documents;
import io.backprop.store.format.ModelDocument;
import io.backprop.store.format.NewerFormatException;
import io.backprop.store.format.ParametersFormat;
import io.backprop.store.format.VersionDocument;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A model and one of its versions, encoded before the transaction that stores them. */
final class StoredModel implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(StoredModel.class);

    final Model model;
    final String document;
    final String version;
    private final BlobWriter parameters; // empty in version 0

    private StoredModel(Model model, BlobWriter parameters) {
        this.model = model;
        this.document = Documents.write(ModelDocument.of(model));
        this.version = Documents.write(VersionDocument.of(model));
        this.parameters = parameters;
    }

    /** Encodes a model, and writes its parameters unless they are small. */
    static StoredModel write(Model model, BlobStore blobs) {
        BlobWriter parameters = blobs.create(BlobStore.Kind.PARAMETERS);
        try {
            StoredModel stored = new StoredModel(model, parameters);
            if (model.ensemble() != null) {
                ParametersFormat.write(model.ensemble().networks(), parameters);
            }
            return stored;
        } catch (RuntimeException | Error e) {
            parameters.close();
            throw e;
        }
    }

    /** Attaches the parameters to the version, in the transaction that stores it. */
    void attachParameters() {
        if (model.ensemble() != null) {
            parameters.attachTo(model.id(), model.version());
        }
    }

    @Override
    public void close() {
        parameters.close();
    }

    /** Reads a model without its parameters. A corrupt row is logged and skipped, one in a newer format only skipped. */
    static Optional<Model> readIfIntact(ResultSet row, int number) throws SQLException {
        try {
            return Optional.of(read(row, number));
        } catch (CorruptModelException | NewerFormatException e) {
            return Optional.empty();
        }
    }

    /**
     * Reads a model without its parameters.
     *
     * @throws CorruptModelException if the row is corrupt, which is logged
     */
    static Model read(ResultSet row, int number) throws SQLException {
        return read(row, (String) null).model;
    }

    /** @param blob with the parameters; null for none */
    private static Row read(ResultSet row, @Nullable String blob) throws SQLException {
        String id = row.getString("id");
        long version = row.getLong("version");
        ModelDocument described;
        try {
            described = Documents.readModel(document(row, "model_document", "model_checksum"));
        } catch (NewerFormatException e) {
            throw e;
        } catch (RuntimeException e) { // a corrupt document may cause any
            logCorrupt(id, version, e);
            throw CorruptModelException.ofSettings(id);
        }
        try {
            VersionDocument read = Documents.readVersion(document(row, "document", "checksum"));
            Model model = new Model(
                    id,
                    described.toSpec(read.architecture(), read.networks()),
                    described.description(),
                    row.getLong("changes"),
                    null,
                    version,
                    read.epochs(),
                    row.getInt("training") > 0, // null is 0
                    read.trainingMetrics(),
                    read.validationMetrics(),
                    read.warnings(),
                    EpochMicros.toInstant(row.getLong("created_at")),
                    read.trainedAt());
            return new Row(model, read.networks(), read.temperature(), blob);
        } catch (NewerFormatException e) {
            throw e;
        } catch (RuntimeException e) {
            logCorrupt(id, version, e);
            throw CorruptModelException.ofVersion(id, version);
        }
    }

    private static String document(ResultSet row, String column, String checksum) throws SQLException {
        String document = row.getString(column);
        if (row.getLong(checksum) != Checksum.of(document)) {
            throw new CorruptDataException("the checksum of its %s does not match".formatted(column));
        }
        return document;
    }

    /** A version whose parameters are yet to be read. */
    record Row(
            Model model,
            int networks,
            double temperature,
            @Nullable String blob) {

        /** @throws CorruptModelException if the row is corrupt, which is logged */
        static Row read(ResultSet row, int number) throws SQLException {
            return StoredModel.read(row, row.getString("parameters"));
        }

        /** @throws CorruptDataException if the parameters cannot be read, or were removed while they were read */
        Model withParameters(BlobStore blobs, LongConsumer memory) {
            if (model.version() == 0) {
                return model;
            }
            Architecture architecture = model.spec().architecture();
            NetworkSpec spec = architecture
                    .networkSpec()
                    .orElseThrow(() -> new CorruptDataException("the network's widths are unknown"));
            if (blob == null) {
                throw new CorruptDataException("the parameters are missing");
            }
            memory.accept((long) networks * spec.parameterCount() * Float.BYTES);
            Ensemble ensemble = Ensemble.of(ParametersFormat.read(blobs.chunks(blob), spec, networks))
                    .withTemperature(temperature);
            return model.withParameters(
                    architecture,
                    ensemble,
                    model.epochs(),
                    model.trainingMetrics(),
                    model.validationMetrics(),
                    model.trainingWarnings());
        }
    }

    static void logCorrupt(String id, long version, RuntimeException e) {
        log.error("Version {} of model \"{}\" is corrupt: {}", version, id, e.getMessage());
    }
}
