package io.backprop.store;

import io.backprop.model.Model;
import io.backprop.model.StorageFullException;
import io.backprop.model.StorageUnavailableException;
import jakarta.annotation.PreDestroy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Which models this process trains. A lease holds for seconds and is renewed as long as the training goes on, so that a
 * process that dies leaves no model in training for ever.
 */
@Component
class TrainingLeases {

    private static final Logger log = LoggerFactory.getLogger(TrainingLeases.class);
    private static final Duration LENGTH = Duration.ofSeconds(5);

    private final String process = UUID.randomUUID().toString();
    private final Set<Lease> held = ConcurrentHashMap.newKeySet();
    private final JdbcClient jdbc;
    private final Transactions transactions;

    TrainingLeases(JdbcClient jdbc, Transactions transactions) {
        this.jdbc = jdbc;
        this.transactions = transactions;
    }

    /** Stands in {@code model.trainer}. */
    String process() {
        return process;
    }

    boolean begin(Model expected) {
        Instant now = Instant.now();
        int begun = transactions.write(() -> jdbc.sql("""
                        update model set trainer = :process, trained_until = :until
                        where id = :id and created_at = :createdAt and version = :version and trained_until <= :now""")
                .param("process", process)
                .param("until", Micros.of(now.plus(LENGTH)))
                .param("now", Micros.of(now))
                .param("id", expected.id())
                .param("createdAt", Micros.of(expected.createdAt()))
                .param("version", expected.version())
                .update());
        return begun > 0 && held.add(Lease.of(expected));
    }

    /** If the database can't be reached, the lease ends by itself. */
    void end(Model trained) {
        Lease lease = Lease.of(trained);
        held.remove(lease);
        setUntil(List.of(lease), 0);
    }

    @Scheduled(fixedDelay = 1_000)
    void renew() {
        setUntil(List.copyOf(held), Micros.of(Instant.now().plus(LENGTH)));
    }

    @PreDestroy
    void endAll() {
        setUntil(List.copyOf(held), 0);
    }

    /** Of those that have not been ended meanwhile. */
    private void setUntil(List<Lease> leases, long until) {
        try {
            if (!leases.isEmpty()) {
                transactions.write(() -> leases.stream()
                        .mapToInt(lease -> setUntil(lease, until))
                        .sum());
            }
        } catch (StorageFullException | StorageUnavailableException e) {
            log.warn("Leases of trainings stay as they are: {}", e.getMessage());
        }
    }

    private int setUntil(Lease lease, long until) {
        return jdbc.sql("""
                        update model set trained_until = :until
                        where id = :id and created_at = :createdAt and trainer = :process and trained_until > 0""")
                .param("until", until)
                .param("id", lease.id())
                .param("createdAt", Micros.of(lease.createdAt()))
                .param("process", process)
                .update();
    }

    private record Lease(String id, Instant createdAt) {

        static Lease of(Model model) {
            return new Lease(model.id(), model.createdAt());
        }
    }
}
