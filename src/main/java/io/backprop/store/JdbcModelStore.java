package io.backprop.store;

import io.backprop.model.Model;
import io.backprop.model.ModelCursor;
import io.backprop.model.ModelHead;
import io.backprop.model.ModelPage;
import io.backprop.model.ModelStore;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Models in two tables: each model points to its current version, and each version stays as it was written. */
@Component
class JdbcModelStore implements ModelStore {

    private static final String WHAT = "model";
    private static final int IDS_AT_ONCE = 500;
    private static final int ROWS_AT_ONCE = 20; // of a list, as each may be large
    private static final int LARGEST_PAGE = 4_000_000; // characters
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
                    .param("createdAt", Micros.of(model.createdAt()))
                    .param("version", model.version())
                    .update();
            if (added > 0) {
                row.insert(jdbc);
            }
            return added > 0;
        });
    }

    @Override
    public Optional<Model> find(String id) {
        return transactions
                .read(() -> jdbc.sql(COLUMNS + ", v.parameters" + OF_CURRENT_VERSION + " where m.id = :id")
                        .param("id", id)
                        .query(ModelRow::whole)
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
                        .query(ModelRow::whole)
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
                .withFetchSize(ROWS_AT_ONCE)
                .param("limit", limit + 1);
        if (after != null) {
            query.param("createdAt", Micros.of(after.createdAt())).param("id", after.id());
        }
        return transactions.read(() -> query.query((ResultSet rows) -> page(rows, limit)));
    }

    /** Reads rows until the page is full, by their number or their size. */
    private static ModelPage page(ResultSet rows, int limit) throws SQLException {
        List<Model> models = new ArrayList<>();
        ModelCursor last = null;
        long characters = 0;
        for (int number = 0; rows.next(); number++) {
            if (number == limit || characters > LARGEST_PAGE) {
                return new ModelPage(models, last);
            }
            ModelRow row = ModelRow.withoutParameters(rows, number);
            row.toModel().ifPresent(models::add);
            characters += row.characters();
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
        for (int first = 0; first < all.size(); first += IDS_AT_ONCE) {
            List<String> some = all.subList(first, Math.min(all.size(), first + IDS_AT_ONCE));
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
                Micros.toInstant(row.getLong("created_at")),
                row.getLong("version"),
                row.getInt("training") > 0); // null is 0
    }

    @Override
    public boolean publish(Model expected, Model next, long oldestKept) {
        ModelRow row = ModelRow.of(next);
        return transactions.write(WHAT, () -> row.publish(jdbc, expected, null, oldestKept));
    }

    @Override
    public boolean remove(Model expected) {
        return transactions.write(
                WHAT,
                () -> jdbc.sql("""
                                delete from model where id = :id and created_at = :createdAt and version = :version
                                    and case when training is null then 0 else 1 end = :training""")
                                .param("id", expected.id())
                                .param("createdAt", Micros.of(expected.createdAt()))
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
