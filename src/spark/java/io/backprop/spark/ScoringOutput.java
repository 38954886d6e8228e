package io.backprop.spark;

import io.backprop.driver.DriverDocuments;
import io.backprop.driver.ScoringClaim;
import io.backprop.driver.TableName;
import io.backprop.tabular.TableException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import tools.jackson.core.JacksonException;

/**
 * The folder of a scored table. It is written aside, under a name that no other attempt has, and renamed once it is complete.
 * Closing deletes what was not published.
 */
final class ScoringOutput implements AutoCloseable {
    /*
     * A driver may be killed between the renaming and its report. The complete folder therefore contains a hidden file, by
     * which the next driver recognizes the work as done.
     */

    private static final Pattern ATTEMPT = Pattern.compile("\\.scoring-(.+)-(\\d+)-[0-9a-f]{32}");
    private static final String MARK = "_backprop.json";

    private final String name;
    private final Path tables;
    private final Path target;
    private final Path attempt;
    private final FileSystem files;

    /**
     * What was scored, in a hidden file of the output.
     *
     * @param scorer fingerprint of the networks and their preprocessing
     */
    record Mark(String model, int number, String scorer, ScoredTable result) {}

    ScoringOutput(Configuration hadoop, URI tables, ScoringClaim claim) throws IOException {
        this.name = TableName.require("output", claim.output());
        this.tables = new Path(tables);
        this.target = new Path(this.tables, name);
        this.attempt = new Path(
                this.tables,
                ".scoring-%s-%d-%s"
                        .formatted(
                                claim.model(),
                                claim.number(),
                                UUID.randomUUID().toString().replace("-", "")));
        this.files = this.tables.getFileSystem(hadoop);
    }

    /**
     * The result, if an earlier driver has published it.
     *
     * @throws TableException if the output is another table
     */
    Optional<ScoredTable> published(ScoringClaim claim, String scorer) throws IOException {
        if (!files.exists(target)) {
            return Optional.empty();
        }
        try (InputStream in = files.open(new Path(target, MARK))) {
            Mark mark = DriverDocuments.read(in.readAllBytes(), Mark.class);
            if (mark.model.equals(claim.model()) && mark.number == claim.number() && mark.scorer.equals(scorer)) {
                return Optional.of(mark.result);
            }
        } catch (FileNotFoundException | JacksonException e) {
            // a table of another origin
        }
        throw exists();
    }

    private TableException exists() {
        return TableException.invalid("output \"%s\" exists already; delete it or name another one", name);
    }

    /** The folder to write. */
    Path folder() {
        return new Path(attempt, name);
    }

    /**
     * Publishes the complete folder.
     *
     * @throws TableException if another table has been published meanwhile
     */
    void publish(Mark mark) throws IOException {
        try (OutputStream out = files.create(new Path(folder(), MARK))) {
            out.write(DriverDocuments.write(mark));
        }
        if (files.exists(target)) {
            throw exists();
        }
        if (!files.rename(folder(), target)) {
            throw new IOException("%s can't be renamed to %s".formatted(folder(), target));
        }
        if (files.delete(new Path(target, name), true)) { // a rename to a folder that exists moves into it
            throw exists();
        }
    }

    /**
     * Deletes what drivers that were killed have left.
     *
     * @param isOver tells whether a scoring of a model, by its number, is not worked on by any other driver
     */
    void deleteLeftovers(BiPredicate<String, Integer> isOver) throws IOException {
        for (FileStatus folder : files.listStatus(tables)) {
            Matcher attempted = ATTEMPT.matcher(folder.getPath().getName());
            if (attempted.matches() && isOver.test(attempted.group(1), Integer.valueOf(attempted.group(2)))) {
                files.delete(folder.getPath(), true);
            }
        }
    }

    @Override
    public void close() throws IOException {
        files.delete(attempt, true);
    }
}
