package io.backprop.store;

import io.backprop.model.CorruptModelException;
import io.backprop.model.Model;
import io.backprop.model.ModelHead;
import io.backprop.model.ModelPage;
import io.backprop.model.ModelStore;
import io.backprop.model.NewerModelException;
import io.backprop.model.PageCursor;
import io.backprop.model.StorageUnavailableException;
import io.backprop.store.format.Checksum;
import io.backprop.store.format.CorruptDataException;
import io.backprop.store.format.Documents;
import io.backprop.store.format.ModelDocument;
import io.backprop.store.format.NewerFormatException;
import io.backprop.store.sqlite.SqliteDataSource;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Models in two tables: a model refers to its current version, and versions never change. */
@Component
class JdbcModelStore implements ModelStore {

    private static final String WHAT = "model";
    private static final int IDS_PER_QUERY = 500;
    private static final int LIST_FETCH_SIZE = 20; // rows may be large
    private static final int MAX_PAGE_LENGTH = 4_000_000; // characters of all documents
    private static final String COLUMNS = """
        select m.id, m.created_at, m.training, m.changes, m.document as model_document,
          m.checksum as model_checksum, v.version, v.document, v.checksum\
        """;
    private static final String AS_EXPECTED = """
        id = ? and created_at = ? and version = ? and changes = ?
          and case when training is null then 0 else 1 end = ?\
        """;
    private static final String WITH_PARAMETERS =
            ", (select id from blob where model_id = v.model_id and version = v.version) as parameters";
    private static final String OF_ANY_VERSION = " from model m join model_version v on v.model_id = m.id";
    private static final String OF_CURRENT_VERSION = OF_ANY_VERSION + " and v.version = m.version";

    private final JdbcClient jdbc;
    private final Transactions transactions;
    private final BlobStore blobs;
    private final boolean shared;

    JdbcModelStore(JdbcClient jdbc, Transactions transactions, BlobStore blobs, DataSource database) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.blobs = blobs;
        this.shared = !(database instanceof SqliteDataSource);
    }

    @Override
    public boolean isShared() {
        return shared;
    }

    @Override
    public long count() {
        return transactions.read(
                () -> jdbc.sql("select count(*) from model").query(Long.class).single());
    }

    @Override
    public boolean add(Model model) {
        try (StoredModel stored = StoredModel.write(model, blobs)) {
            return transactions.write(WHAT, () -> add(stored));
        }
    }

    private boolean add(StoredModel stored) {
        Model model = stored.model;
        int added = jdbc.sql("""
            insert into model (id, created_at, version, changes, document, checksum)
            values (?, ?, ?, ?, ?, ?)
            on conflict (id) do nothing\
            """)
                .params(
                        model.id(),
                        EpochMicros.of(model.createdAt()),
                        model.version(),
                        model.changes(),
                        stored.document,
                        Checksum.of(stored.document))
                .update();
        if (added > 0) {
            insert(stored);
        }
        return added > 0;
    }

    @Override
    public Optional<Model> find(String id, LongConsumer memory) {
        return find(memory, OF_CURRENT_VERSION + " where m.id = ?", id);
    }

    @Override
    public Optional<Model> find(String id, long version, LongConsumer memory) {
        return find(memory, OF_ANY_VERSION + " where m.id = ? and v.version = ? and v.version > 0", id, version);
    }

    private Optional<Model> find(LongConsumer memory, String selection, Object... params) {
        try {
            return findReadable(memory, selection, params);
        } catch (NewerFormatException e) {
            throw new NewerModelException(e);
        }
    }

    private Optional<Model> findReadable(LongConsumer memory, String selection, Object... params) {
        while (true) {
            Optional<StoredModel.Row> row = transactions.read(() -> jdbc.sql(COLUMNS + WITH_PARAMETERS + selection)
                    .params(params)
                    .query(StoredModel.Row::read)
                    .optional());
            if (row.isEmpty()) {
                return Optional.empty();
            }
            Model model = row.get().model();
            String blob = row.get().blob();
            try {
                return Optional.of(row.get().withParameters(blobs, memory));
            } catch (NewerFormatException e) {
                throw e;
            } catch (CorruptDataException e) {
                if (blob == null || blobs.isAttached(blob)) {
                    StoredModel.logCorrupt(model.id(), model.version(), e);
                    throw CorruptModelException.ofVersion(model.id(), model.version());
                } // otherwise the version was removed while it was read
            }
        }
    }

    @Override
    public Optional<Model> findWithoutNetwork(String id) {
        try {
            return transactions.read(() -> jdbc.sql(COLUMNS + OF_CURRENT_VERSION + " where m.id = ?")
                    .params(id)
                    .query(StoredModel::read)
                    .optional());
        } catch (NewerFormatException e) {
            throw new NewerModelException(e);
        }
    }

    @Override
    public List<Model> versions(String id) {
        List<Optional<Model>> versions = transactions.read(
                () -> jdbc.sql(COLUMNS + OF_ANY_VERSION + " where m.id = ? and v.version > 0 order by v.version desc")
                        .params(id)
                        .query(StoredModel::readIfIntact)
                        .list());
        return versions.stream().flatMap(Optional::stream).toList();
    }

    @Override
    public ModelPage list(int limit, @Nullable PageCursor after) {
        String place = after == null ? "" : " where (m.created_at, m.id) < (:createdAt, :id)";
        JdbcClient.StatementSpec query = jdbc.sql(
                        COLUMNS + OF_CURRENT_VERSION + place + " order by m.created_at desc, m.id desc limit :limit")
                .withFetchSize(LIST_FETCH_SIZE)
                .param("limit", limit + 1);
        if (after != null) {
            query.param("createdAt", EpochMicros.of(after.createdAt())).param("id", after.id());
        }
        return transactions.read(() -> query.query((ResultSet rows) -> page(rows, limit)));
    }

    /** Reads rows until the page reaches its limit of rows or characters. */
    private static ModelPage page(ResultSet rows, int limit) throws SQLException {
        List<Model> models = new ArrayList<>();
        PageCursor last = null;
        long characters = 0;
        for (int number = 0; rows.next(); number++) {
            if (number == limit || characters > MAX_PAGE_LENGTH) {
                return new ModelPage(models, last);
            }
            StoredModel.readIfIntact(rows, number).ifPresent(models::add);
            characters += rows.getString("model_document").length()
                    + rows.getString("document").length();
            last = new PageCursor(EpochMicros.toInstant(rows.getLong("created_at")), rows.getString("id"));
        }
        return new ModelPage(models, null);
    }

    @Override
    public List<ModelHead> heads(Collection<String> ids) {
        List<String> all = List.copyOf(ids);
        List<ModelHead> heads = new ArrayList<>();
        for (int first = 0; first < all.size(); first += IDS_PER_QUERY) {
            List<String> some = all.subList(first, Math.min(all.size(), first + IDS_PER_QUERY));
            heads.addAll(transactions.read(
                    () -> jdbc.sql("select id, created_at, version, changes, training from model where id in (:ids)")
                            .param("ids", some)
                            .query(JdbcModelStore::head)
                            .list()));
        }
        return heads;
    }

    private static ModelHead head(ResultSet row, int number) throws SQLException {
        return new ModelHead(
                row.getString("id"),
                EpochMicros.toInstant(row.getLong("created_at")),
                row.getLong("version"),
                row.getLong("changes"),
                row.getInt("training") > 0); // null is 0
    }

    @Override
    public boolean publish(Model expected, Model next, long oldestKept) {
        try (StoredModel stored = StoredModel.write(next, blobs)) {
            return transactions.write(WHAT, () -> publish(expected, stored, oldestKept, null));
        }
    }

    /**
     * Makes {@code next} the current version of its model, in a transaction of the caller. The settings may change while the
     * model is trained, but not while it is published otherwise.
     *
     * @param trainingId the training whose result the version is, and which thereby ends; null for none
     * @return whether the model was as expected, and not in another training
     */
    boolean publish(Model expected, StoredModel next, long oldestKept, @Nullable String trainingId) {
        int updated = jdbc.sql("""
            update model set version = :next, training = null
            where id = :id and created_at = :createdAt and version = :version
              and (changes = :changes or :training is not null)
              and coalesce(training, 0) =
                coalesce((select number from training where id = :training and model_id = :id), 0)\
            """)
                .param("next", next.model.version())
                .param("id", next.model.id())
                .param("createdAt", EpochMicros.of(next.model.createdAt()))
                .param("version", expected.version())
                .param("changes", expected.changes())
                .param("training", trainingId, Types.VARCHAR)
                .update();
        if (updated > 0) {
            insert(next);
            jdbc.sql("""
                delete from model_version where model_id = :id and version < :oldest and version not in
                  (select version from scoring where model_id = :id and state in ('QUEUED', 'RUNNING'))\
                """)
                    .param("id", next.model.id())
                    .param("oldest", oldestKept)
                    .update();
        }
        return updated > 0;
    }

    /**
     * Replaces the settings of a model by those of its new version, in the transaction that publishes it.
     *
     * @param changes of the settings that are replaced
     * @throws StorageUnavailableException if they have changed meanwhile; the next attempt is based on the new ones
     */
    boolean replaceSettings(StoredModel next, long changes) {
        int updated = jdbc.sql("update model set changes = ?, document = ?, checksum = ? where id = ? and changes = ?")
                .params(next.model.changes(), next.document, Checksum.of(next.document), next.model.id(), changes)
                .update();
        if (updated == 0) {
            throw new StorageUnavailableException(
                    new OptimisticLockingFailureException("the settings of the model have changed"));
        }
        return true;
    }

    private void insert(StoredModel stored) {
        jdbc.sql("""
            insert into model_version (model_id, version, document, checksum)
            values (:id, :version, :document, :checksum)\
            """)
                .param("id", stored.model.id())
                .param("version", stored.model.version())
                .param("document", stored.version)
                .param("checksum", Checksum.of(stored.version))
                .update();
        stored.attachParameters();
    }

    @Override
    public boolean update(Model expected, Model changed) {
        String document = Documents.write(ModelDocument.of(changed));
        return transactions.write(
                WHAT,
                () -> jdbc.sql("update model set changes = ?, document = ?, checksum = ? where " + AS_EXPECTED)
                                .params(changed.changes(), document, Checksum.of(document))
                                .params(asExpected(expected))
                                .update()
                        > 0);
    }

    @Override
    public boolean remove(Model expected) {
        return remove(AS_EXPECTED, asExpected(expected));
    }

    private static Object[] asExpected(Model expected) {
        return new Object[] {
            expected.id(),
            EpochMicros.of(expected.createdAt()),
            expected.version(),
            expected.changes(),
            expected.training() ? 1 : 0
        };
    }

    @Override
    public boolean remove(String id) {
        return remove("id = ?", id);
    }

    private boolean remove(String condition, Object... params) {
        return transactions.writeFromReserve(() ->
                jdbc.sql("delete from model where " + condition).params(params).update() > 0);
    }
}
