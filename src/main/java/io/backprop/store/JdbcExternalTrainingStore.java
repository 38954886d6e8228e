package io.backprop.store;

import io.backprop.model.Model;
import io.backprop.model.StorageFullException;
import io.backprop.model.StorageUnavailableException;
import io.backprop.store.JdbcTrainingStore.NewTraining;
import io.backprop.store.format.Checksum;
import io.backprop.store.format.Documents;
import io.backprop.store.format.NewerFormatException;
import io.backprop.store.format.TrainingDocument;
import io.backprop.training.Checkpoint;
import io.backprop.training.ClaimedTraining;
import io.backprop.training.ExternalTraining;
import io.backprop.training.ExternalTrainingStore;
import io.backprop.training.IdempotencyKey;
import io.backprop.training.Training;
import io.backprop.training.TrainingLease;
import io.backprop.training.TrainingStore.CancellationRequest;
import io.backprop.training.TrainingStore.QueueLimits;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.dao.EmptyResultDataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Trainings of tables that drivers read, in the table of all trainings. Drivers ask for them; no scheduler has them. */
@Component
class JdbcExternalTrainingStore implements ExternalTrainingStore {

    private static final Logger log = LoggerFactory.getLogger(JdbcExternalTrainingStore.class);

    private static final String WHAT = "training";
    private static final long TOKENS = 1L << 52; // exact in JSON for any client
    private static final String QUEUE = "drivers";
    private static final String UNCLAIMED =
            "table_name is not null and state in ('QUEUED', 'RUNNING') and coalesce(claimed_until, 0) < ?";
    private static final String CANCELLED = " and cancel is not null";
    private static final String NOT_CANCELLED = " and cancel is null";

    private final JdbcClient jdbc;
    private final Transactions transactions;
    private final QueueRounds rounds;
    private final LeasedRows leases;
    private final BlobStore blobs;
    private final JdbcTrainingStore trainings;
    private final Clock clock;

    JdbcExternalTrainingStore(
            JdbcClient jdbc, Transactions transactions, BlobStore blobs, JdbcTrainingStore trainings, Clock clock) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.rounds = new QueueRounds(
                jdbc, QUEUE, "training where state = 'QUEUED' and table_name is not null and owner = :owner");
        this.leases = trainings.leases();
        this.blobs = blobs;
        this.trainings = trainings;
        this.clock = clock;
    }

    @Override
    public Optional<Training> add(
            Model model, ExternalTraining training, String owner, @Nullable IdempotencyKey key, QueueLimits limits) {
        String id = UUID.randomUUID().toString();
        NewTraining row = new NewTraining(
                model.id(),
                training.settings(),
                Documents.write(TrainingDocument.of(training)),
                training.settings().plan().epochs(),
                0,
                0,
                training.warnings());
        try {
            boolean inserted = transactions.write(WHAT, () -> {
                boolean marked = trainings.markInTraining(model, owner, key);
                if (marked) {
                    trainings.nextRound(owner, limits);
                    trainings.insert(id, row, owner, rounds.next(owner), key);
                    update("update training set lease = ? where id = ?", randomToken(), id);
                }
                return marked;
            });
            return inserted ? trainings.find(id) : Optional.empty();
        } catch (DuplicateKeyException e) { // another process has used the idempotency key
            return Optional.empty();
        }
    }

    /** The first lease is not 1, because a driver may still have that of a training with this number of a deleted model. */
    private static long randomToken() {
        return ThreadLocalRandom.current().nextLong(TOKENS);
    }

    @Override
    public Optional<ClaimedTraining> claim(Duration timeout) {
        return claimNext(NOT_CANCELLED, timeout);
    }

    @Override
    public Optional<ClaimedTraining> claimCancelled(Duration timeout) {
        return claimNext(CANCELLED, timeout);
    }

    private Optional<ClaimedTraining> claimNext(String condition, Duration timeout) {
        List<String> skipped = new ArrayList<>(); // which only a newer version of the service can read
        while (true) {
            Optional<String> next = transactions.read(() -> unclaimed(condition)).stream()
                    .filter(id -> !skipped.contains(id))
                    .findFirst();
            if (next.isEmpty()) {
                return Optional.empty();
            }
            try {
                trainings.requireKnownFormat(next.get());
                Optional<ClaimedTraining> claimed = transactions
                        .writeFromReserve(() -> newClaim(next.get(), condition, timeout))
                        .flatMap(this::readOrFail);
                if (claimed.isPresent()) {
                    return claimed;
                }
            } catch (NewerFormatException e) {
                skipped.add(next.get());
            }
        }
    }

    /** Those that have failed before follow the others, should their drivers fail again. */
    private List<String> unclaimed(String condition) {
        return jdbc.sql("select id from training where " + UNCLAIMED + condition
                        + " order by case when attempts > 1 then 1 else 0 end, round, queued_at, id")
                .params(now())
                .query((row, number) -> row.getString("id"))
                .list();
    }

    /** A new lease, whether it is the first one, its number since the last checkpoint, and its turn. */
    private record NewClaim(TrainingLease lease, boolean first, int attempts, String owner, int round) {}

    /** Claims a training, unless another driver has done so meanwhile. */
    private Optional<NewClaim> newClaim(String id, String condition, Duration timeout) {
        boolean first = jdbc.sql("select started_at from training where id = ? and started_at is null")
                .params(id)
                .query((row, number) -> number)
                .optional()
                .isPresent();
        Optional<NewClaim> claimed = jdbc.sql("""
            update training set lease = lease + 1, attempts = attempts + 1, state = 'RUNNING',
              started_at = coalesce(started_at, ?), claimed_until = ?
            where id = ? and %s
            returning lease, attempts, owner, round\
            """.formatted(UNCLAIMED + condition))
                .params(now(), expiry(timeout), id, now())
                .query((row, number) -> new NewClaim(
                        new TrainingLease(id, row.getLong("lease")),
                        first,
                        row.getInt("attempts"),
                        row.getString("owner"),
                        row.getInt("round")))
                .optional();
        claimed.ifPresent(claim -> rounds.start(claim.owner, claim.round));
        return claimed;
    }

    /** Reads a claimed training, which fails if it cannot be read. */
    private Optional<ClaimedTraining> readOrFail(NewClaim claim) {
        TrainingLease lease = claim.lease;
        try {
            return trainings
                    .find(lease.id())
                    .map(training -> new ClaimedTraining(
                            training,
                            lease,
                            claim.first,
                            read(training),
                            blobs.find(lease.id(), BlobStore.Kind.CHECKPOINT).isPresent(),
                            trainings.cancellationRequests(List.of(lease.id())).stream()
                                    .filter(CancellationRequest::cancelled)
                                    .findFirst()
                                    .orElse(null),
                            claim.attempts > LeasedRows.MAX_ATTEMPTS));
        } catch (EmptyResultDataAccessException e) { // deleted meanwhile
            return Optional.empty();
        } catch (StorageUnavailableException | StorageFullException | DataAccessException | NewerFormatException e) {
            release(lease);
            throw e;
        } catch (RuntimeException e) { // corrupt data may cause any
            log.error("Training {} cannot be read: {}", lease.id(), e.getMessage());
            trainings.fail(lease, TrainingRowMapper.UNREADABLE);
            return Optional.empty();
        }
    }

    @Override
    public Optional<ExternalTraining> find(Training training) {
        if (training.isOver()
                || training.settings() == null
                || training.settings().table() == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(read(training));
        } catch (EmptyResultDataAccessException e) { // deleted meanwhile
            return Optional.empty();
        }
    }

    private ExternalTraining read(Training training) {
        return trainings.readDocument(training.id()).toExternal(training);
    }

    @Override
    public Optional<CancellationRequest> renew(
            TrainingLease lease, Training.@Nullable Progress progress, Duration timeout) {
        String document = progress == null ? null : Documents.write(progress);
        return transactions.writeFromReserve(() -> {
            int renewed = update("""
                update training set claimed_until = ?, progress = coalesce(?, progress)
                where id = ? and lease = ? and state = 'RUNNING' and table_name is not null\
                """, expiry(timeout), document, lease.id(), lease.token());
            return renewed == 0
                    ? Optional.empty()
                    : trainings.cancellationRequests(List.of(lease.id())).stream()
                            .findFirst();
        });
    }

    @Override
    public boolean prepare(TrainingLease lease, ExternalTraining prepared) {
        String document = Documents.write(TrainingDocument.of(prepared));
        return transactions.write(
                WHAT,
                () -> leases.ifHeld(
                        lease,
                        () -> update(
                                """
                                update training set document = ?, checksum = ?, settings = ?, warnings = ?,
                                  epochs = ?, examples = ?, attempts = 0
                                where id = ?\
                                """,
                                document,
                                Checksum.of(document),
                                Documents.write(prepared.settings()),
                                Documents.write(prepared.warnings()),
                                prepared.settings().plan().epochs(),
                                prepared.examples(),
                                lease.id())));
    }

    @Override
    public boolean checkpoint(TrainingLease lease, Checkpoint checkpoint) {
        return trainings.checkpoint(lease, checkpoint);
    }

    @Override
    public Optional<Checkpoint> checkpoint(String id) {
        return Optional.ofNullable(trainings.checkpoint(id));
    }

    @Override
    public void release(TrainingLease lease) {
        transactions.writeFromReserve(() -> leases.ifHeld(lease, () -> {
            leases.uncountAttempt(lease);
            update("update training set claimed_until = null where id = ?", lease.id());
        }));
    }

    @Override
    public boolean hasEnded(TrainingLease lease) {
        return transactions.read(() -> jdbc.sql(
                                "select count(*) from training where id = ? and lease = ? and finished_at is not null")
                        .params(lease.id(), lease.token())
                        .query(Integer.class)
                        .single())
                > 0;
    }

    private long now() {
        return EpochMicros.of(clock.instant());
    }

    private long expiry(Duration timeout) {
        return EpochMicros.of(clock.instant().plus(timeout));
    }

    private int update(String sql, @Nullable Object... params) {
        return jdbc.sql(sql).params(Arrays.asList(params)).update();
    }
}
