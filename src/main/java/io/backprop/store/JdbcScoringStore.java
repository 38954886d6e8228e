package io.backprop.store;

import io.backprop.driver.OutputFormat;
import io.backprop.model.Model;
import io.backprop.model.ModelException;
import io.backprop.prediction.ClaimedScoring;
import io.backprop.prediction.Scoring;
import io.backprop.prediction.ScoringCommand;
import io.backprop.prediction.ScoringException;
import io.backprop.prediction.ScoringLease;
import io.backprop.prediction.ScoringStore;
import io.backprop.store.format.Documents;
import io.backprop.tabular.CellRules;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Scorings in a table, which is their queue too. */
@Component
class JdbcScoringStore implements ScoringStore {
    /*
     * A claim replaces the token of the lease, and every write of a driver names its token: of two drivers that claim the same
     * scoring one changes no row, and a driver that has lost its claim changes nothing (ScoringStoreContract).
     */

    private static final String WHAT = "prediction";
    private static final long TOKENS = 1L << 53; // exact in JSON for any client
    private static final long NONE = 0; // the token of a scoring that no driver has claimed

    /** Each query for these repeats the condition of their index, by which SQLite recognizes that it can use it. */
    private static final String OPEN = "state in ('QUEUED', 'RUNNING')";

    /** The condition for a scoring that is to be cancelled and that no driver works on any more. */
    private static final String ABANDONED = OPEN + " and state = 'RUNNING' and cancelled = 1 and claimed_until < ?";

    /** The condition for a scoring that a driver may claim. */
    private static final String CLAIMABLE = OPEN + " and cancelled = 0 and (state = 'QUEUED' or claimed_until < ?)";

    private static final String SELECT = """
        select model_id, number, state, version, table_name, output, format, cells, scored, files, warnings, error,
          queued_at, started_at, finished_at, cancelled, claimed_until
        from scoring\
        """;

    private final JdbcClient jdbc;
    private final Transactions transactions;
    private final Clock clock;

    JdbcScoringStore(JdbcClient jdbc, Transactions transactions, Clock clock) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.clock = clock;
    }

    @Override
    public Scoring add(Model model, ScoringCommand command, int limit) {
        try {
            int number = transactions.write(WHAT, () -> {
                endAbandoned();
                int next = nextNumber(model); // locks the model, as a publication does
                requirePlace(model.id(), limit);
                insert(model, next, command);
                deleteOld(model.id(), next);
                return next;
            });
            return find(List.of(new Key(model.id(), number))).get(0);
        } catch (DataIntegrityViolationException e) { // of the only index besides the primary key
            throw ScoringException.outputTaken(command.output());
        }
    }

    private int nextNumber(Model model) {
        int updated = update(
                "update model set scorings = scorings + 1 where id = ? and created_at = ?",
                model.id(),
                EpochMicros.of(model.createdAt()));
        if (updated == 0) {
            throw ModelException.versionNotFound(model.id(), model.version(), model.version());
        }
        return jdbc.sql("select scorings from model where id = ?")
                .params(model.id())
                .query(Integer.class)
                .single();
    }

    private void requirePlace(String model, int limit) {
        int open = jdbc.sql("select count(*) from scoring where model_id = ? and " + OPEN)
                .params(model)
                .query(Integer.class)
                .single();
        if (open >= limit) {
            throw ScoringException.tooMany(model, limit);
        }
    }

    private void insert(Model model, int number, ScoringCommand command) {
        int inserted = update(
                """
                insert into scoring
                  (model_id, number, state, version, table_name, output, format, cells, queued_at)
                select model_id, ?, 'QUEUED', version, ?, ?, ?, ?, ? from model_version
                where model_id = ? and version = ?\
                """,
                number,
                command.table(),
                command.output(),
                command.format().name(),
                Documents.write(command.cells()),
                now(),
                model.id(),
                model.version());
        if (inserted == 0) {
            throw ModelException.versionNotFound(model.id(), model.version(), currentVersion(model.id()));
        }
    }

    private long currentVersion(String model) {
        return jdbc.sql("select version from model where id = ?")
                .params(model)
                .query(Long.class)
                .single();
    }

    private void deleteOld(String model, int last) {
        update("delete from scoring where model_id = ? and number <= ? and not " + OPEN, model, last - Scoring.KEPT);
    }

    @Override
    public List<Scoring> list(String model) {
        return select("model_id = ? order by number desc limit ?", model, Scoring.KEPT);
    }

    @Override
    public List<Scoring> find(Collection<Key> keys) {
        List<Object> params = new ArrayList<>();
        keys.forEach(key -> Collections.addAll(params, key.model(), key.number()));
        String places = String.join(", ", Collections.nCopies(keys.size(), "(?, ?)"));
        return select("(model_id, number) in (values %s)".formatted(places), params.toArray());
    }

    private List<Scoring> select(String condition, Object... params) {
        long now = now();
        return transactions.read(() -> jdbc.sql(SELECT + " where " + condition)
                .params(params)
                .query((row, number) -> map(row, now))
                .list());
    }

    private static Scoring map(ResultSet row, long now) throws SQLException {
        Scoring.State state = Scoring.State.valueOf(row.getString("state"));
        Instant finished = time(row, "finished_at");
        Instant claimed = time(row, "claimed_until");
        boolean abandoned = state == Scoring.State.RUNNING
                && row.getInt("cancelled") == 1
                && claimed != null
                && EpochMicros.of(claimed) < now;
        int files = row.getInt("files");
        return new Scoring(
                row.getString("model_id"),
                row.getInt("number"),
                abandoned ? Scoring.State.CANCELLED : state,
                row.getLong("version"),
                new ScoringCommand(
                        row.getString("table_name"),
                        row.getString("output"),
                        OutputFormat.valueOf(row.getString("format")),
                        Documents.read(row.getString("cells"), CellRules.class)),
                row.getLong("scored"),
                state == Scoring.State.SUCCEEDED ? Integer.valueOf(files) : null,
                List.of(Documents.read(row.getString("warnings"), String[].class)),
                row.getString("error"),
                EpochMicros.toInstant(row.getLong("queued_at")),
                time(row, "started_at"),
                abandoned ? claimed : finished);
    }

    private static @Nullable Instant time(ResultSet row, String column) throws SQLException {
        long micros = row.getLong(column);
        return row.wasNull() ? null : EpochMicros.toInstant(micros);
    }

    private long now() {
        return EpochMicros.of(clock.instant());
    }

    @Override
    public void cancel(Key key) {
        transactions.writeFromReserve(() -> {
            update(
                    "update scoring set cancelled = 1 where model_id = ? and number = ? and " + OPEN,
                    key.model(),
                    key.number());
            update("""
                update scoring set state = 'CANCELLED', finished_at = ?
                where model_id = ? and number = ? and (state = 'QUEUED' or (%s))\
                """.formatted(ABANDONED), now(), key.model(), key.number(), now());
            return true;
        });
    }

    private void endAbandoned() {
        update("update scoring set state = 'CANCELLED', finished_at = claimed_until where " + ABANDONED, now());
    }

    /** A scoring that may be claimed. */
    private record Candidate(Key key, long token, int attempts) {}

    @Override
    public Optional<ClaimedScoring> claim(Duration timeout) {
        while (true) {
            Optional<Candidate> next = nextCandidate();
            if (next.isEmpty()) {
                return Optional.empty();
            }
            Candidate candidate = next.get();
            if (candidate.attempts >= MAX_ATTEMPTS) {
                failExhausted(candidate);
            } else {
                long token = ThreadLocalRandom.current().nextLong(1, TOKENS);
                if (claim(candidate, token, timeout)) {
                    return find(List.of(candidate.key)).stream()
                            .findFirst()
                            .map(scoring -> new ClaimedScoring(
                                    scoring, new ScoringLease(scoring.model(), scoring.number(), token)));
                }
            } // otherwise another driver was faster
        }
    }

    private Optional<Candidate> nextCandidate() {
        String sql = """
            select model_id, number, lease, attempts from scoring
            where %s
            order by queued_at, model_id, number limit 1\
            """.formatted(CLAIMABLE);
        return transactions.read(() -> jdbc.sql(sql)
                .params(now())
                .query((row, number) -> new Candidate(
                        new Key(row.getString("model_id"), row.getInt("number")),
                        row.getLong("lease"),
                        row.getInt("attempts")))
                .optional());
    }

    private boolean claim(Candidate candidate, long token, Duration timeout) {
        return transactions.writeFromReserve(() -> update(
                        """
                        update scoring set state = 'RUNNING', lease = ?, attempts = attempts + 1, scored = 0,
                          claimed_until = ?, started_at = coalesce(started_at, ?)
                        where model_id = ? and number = ? and lease = ? and %s\
                        """.formatted(CLAIMABLE),
                        token,
                        now() + timeout.toNanos() / 1_000,
                        now(),
                        candidate.key.model(),
                        candidate.key.number(),
                        candidate.token,
                        now())
                > 0);
    }

    private void failExhausted(Candidate candidate) {
        String error = "each of %d drivers that claimed it has ended, or has lost its connection to this service"
                .formatted(MAX_ATTEMPTS);
        transactions.writeFromReserve(
                () -> update("""
                    update scoring set state = 'FAILED', error = ?, finished_at = ?
                    where model_id = ? and number = ? and lease = ? and state in ('QUEUED', 'RUNNING')\
                    """, error, now(), candidate.key.model(), candidate.key.number(), candidate.token));
    }

    @Override
    public Optional<Boolean> renew(ScoringLease lease, long rows, Duration timeout) {
        return transactions.writeFromReserve(() -> {
            boolean held = updateHeld("scored = ?, claimed_until = ?", lease, rows, now() + timeout.toNanos() / 1_000);
            return held ? Optional.of(isCancelled(lease)) : Optional.empty();
        });
    }

    private boolean isCancelled(ScoringLease lease) {
        return jdbc.sql("select cancelled from scoring where model_id = ? and number = ?")
                        .params(lease.model(), lease.number())
                        .query(Integer.class)
                        .single()
                == 1;
    }

    @Override
    public boolean succeed(ScoringLease lease, long rows, int files, List<String> warnings) {
        return transactions.writeFromReserve(() -> updateHeld(
                        "state = 'SUCCEEDED', scored = ?, files = ?, warnings = ?, finished_at = ?",
                        lease,
                        rows,
                        files,
                        Documents.write(warnings),
                        now())
                || hasSucceeded(lease));
    }

    private boolean hasSucceeded(ScoringLease lease) {
        return jdbc.sql("""
            select count(*) from scoring
            where model_id = ? and number = ? and lease = ? and state = 'SUCCEEDED'\
            """)
                        .params(lease.model(), lease.number(), lease.token())
                        .query(Integer.class)
                        .single()
                > 0;
    }

    @Override
    public boolean fail(ScoringLease lease, String error) {
        return transactions.writeFromReserve(() -> updateHeld("""
            state = case cancelled when 1 then 'CANCELLED' else 'FAILED' end,
            error = case cancelled when 1 then null else cast(? as text) end, finished_at = ?\
            """, lease, error, now()));
    }

    @Override
    public boolean release(ScoringLease lease) {
        return transactions.writeFromReserve(() -> updateHeld("""
            state = case cancelled when 1 then 'CANCELLED' else 'QUEUED' end,
            finished_at = case cancelled when 1 then cast(? as bigint) end,
            scored = 0, lease = ?, attempts = attempts - 1, claimed_until = null\
            """, lease, now(), NONE));
    }

    /** Changes a scoring if the lease is the newest and the scoring has not ended. */
    private boolean updateHeld(String change, ScoringLease lease, Object... params) {
        List<Object> all = new ArrayList<>(Arrays.asList(params));
        Collections.addAll(all, lease.model(), lease.number(), lease.token(), now());
        String sql =
                "update scoring set %s where model_id = ? and number = ? and lease = ? and state = 'RUNNING' and not (%s)"
                        .formatted(change, ABANDONED);
        return update(sql, all.toArray()) > 0;
    }

    private int update(String sql, @Nullable Object... params) {
        return jdbc.sql(sql).params(Arrays.asList(params)).update();
    }
}
