package io.backprop.store;

import io.backprop.model.Model;
import io.backprop.model.ModelCursor;
import io.backprop.model.ModelHead;
import io.backprop.model.ModelPage;
import io.backprop.model.ModelStore;
import io.backprop.store.sqlite.SqliteDataSource;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Models in two tables: a model refers to its current version, and versions never change. */
@Component
class JdbcModelStore implements ModelStore {

    private static final String WHAT = "model";
    private static final int IDS_PER_QUERY = 500;
    private static final int LIST_FETCH_SIZE = 20; // rows may be large
    private static final int MAX_PAGE_LENGTH = 4_000_000; // characters of all documents
    private static final String COLUMNS = "select m.id, m.created_at, m.training, v.version, v.document, v.checksum";
    private static final String OF_ANY_VERSION = " from model m join model_version v on v.model_id = m.id";
    private static final String OF_CURRENT_VERSION = OF_ANY_VERSION + " and v.version = m.version";

    private final JdbcClient jdbc;
    private final Transactions transactions;
    private final boolean shared;

    JdbcModelStore(JdbcClient jdbc, Transactions transactions, DataSource database) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.shared = !(database instanceof SqliteDataSource);
    }

    @Override
    public boolean isShared() {
        return shared;
    }

    @Override
    public boolean add(Model model) {
        ModelRow row = ModelRow.of(model);
        return transactions.write(WHAT, () -> {
            int added = jdbc.sql("""
                            insert into model (id, created_at, version) values (:id, :createdAt, :version)
                            on conflict (id) do nothing""")
                    .param("id", model.id())
                    .param("createdAt", EpochMicros.of(model.createdAt()))
                    .param("version", model.version())
                    .update();
            if (added > 0) {
                insert(row);
            }
            return added > 0;
        });
    }

    @Override
    public Optional<Model> find(String id) {
        return transactions
                .read(() -> jdbc.sql(COLUMNS + ", v.parameters" + OF_CURRENT_VERSION + " where m.id = :id")
                        .param("id", id)
                        .query(ModelRow::withParameters)
                        .optional())
                .flatMap(ModelRow::toModel);
    }

    @Override
    public Optional<Model> find(String id, long version) {
        return transactions
                .read(() -> jdbc.sql(COLUMNS + ", v.parameters" + OF_ANY_VERSION
                                + " where m.id = :id and v.version = :version and v.version > 0")
                        .param("id", id)
                        .param("version", version)
                        .query(ModelRow::withParameters)
                        .optional())
                .flatMap(ModelRow::toModel);
    }

    @Override
    public List<Model> versions(String id) {
        List<ModelRow> rows = transactions.read(
                () -> jdbc.sql(COLUMNS + OF_ANY_VERSION + " where m.id = :id and v.version > 0 order by v.version desc")
                        .param("id", id)
                        .query(ModelRow::withoutParameters)
                        .list());
        return readable(rows);
    }

    @Override
    public ModelPage list(int limit, @Nullable ModelCursor after) {
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
        ModelCursor last = null;
        long characters = 0;
        for (int number = 0; rows.next(); number++) {
            if (number == limit || characters > MAX_PAGE_LENGTH) {
                return new ModelPage(models, last);
            }
            ModelRow row = ModelRow.withoutParameters(rows, number);
            row.toModel().ifPresent(models::add);
            characters += row.document.length();
            last = row.cursor();
        }
        return new ModelPage(models, null);
    }

    private static List<Model> readable(List<ModelRow> rows) {
        return rows.stream().map(ModelRow::toModel).flatMap(Optional::stream).toList();
    }

    @Override
    public List<ModelHead> heads(Collection<String> ids) {
        List<String> all = List.copyOf(ids);
        List<ModelHead> heads = new ArrayList<>();
        for (int first = 0; first < all.size(); first += IDS_PER_QUERY) {
            List<String> some = all.subList(first, Math.min(all.size(), first + IDS_PER_QUERY));
            heads.addAll(transactions.read(
                    () -> jdbc.sql("select id, created_at, version, training from model where id in (:ids)")
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
                row.getInt("training") > 0); // null is 0
    }

    @Override
    public boolean publish(Model expected, Model next, long oldestKept) {
        ModelRow row = ModelRow.of(next);
        return transactions.write(WHAT, () -> publish(row, expected, null, oldestKept));
    }

    /**
     * Makes a row the current version of its model, in a transaction of the caller.
     *
     * @param trainingId the training whose result the version is, and which thereby ends; null for none
     * @return whether the model was as expected, and not in another training
     */
    boolean publish(ModelRow row, Model expected, @Nullable String trainingId, long oldestKept) {
        int updated = jdbc.sql("""
                        update model set version = :next, training = null
                        where id = :id and created_at = :createdAt and version = :version
                          and coalesce(training, 0) =
                            coalesce((select number from training where id = :training and model_id = :id), 0)""")
                .param("next", row.version)
                .param("id", row.id)
                .param("createdAt", EpochMicros.of(row.createdAt))
                .param("version", expected.version())
                .param("training", trainingId, Types.VARCHAR)
                .update();
        if (updated > 0) {
            insert(row);
            jdbc.sql("delete from model_version where model_id = :id and version < :oldestKept")
                    .param("id", row.id)
                    .param("oldestKept", oldestKept)
                    .update();
        }
        return updated > 0;
    }

    private void insert(ModelRow row) {
        jdbc.sql("""
                        insert into model_version (model_id, version, document, checksum, parameters)
                        values (:id, :version, :document, :checksum, :parameters)""")
                .param("id", row.id)
                .param("version", row.version)
                .param("document", row.document)
                .param("checksum", row.checksum)
                .param("parameters", row.parameters, Types.BINARY)
                .update();
    }

    @Override
    public boolean remove(Model expected) {
        return transactions.write(
                WHAT,
                () -> jdbc.sql("""
                                delete from model where id = :id and created_at = :createdAt and version = :version
                                    and case when training is null then 0 else 1 end = :training""")
                                .param("id", expected.id())
                                .param("createdAt", EpochMicros.of(expected.createdAt()))
                                .param("version", expected.version())
                                .param("training", expected.training() ? 1 : 0)
                                .update()
                        > 0);
    }

    @Override
    public boolean remove(String id) {
        return transactions.write(
                WHAT,
                () -> jdbc.sql("delete from model where id = :id")
                                .param("id", id)
                                .update()
                        > 0);
    }
}
