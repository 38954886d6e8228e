package io.backprop.spark;

import io.backprop.driver.TableName;
import io.backprop.tabular.TableException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A table: the files of a folder, in any file system that Hadoop knows. All are CSV files (also compressed, if their names end
 * in {@code .gz}) or all are Parquet files. Files and folders whose names begin with a dot or an underscore are ignored.
 *
 * @param tables address of the folder of all tables
 * @param name a {@link TableName}
 */
public record TableFolder(String tables, String name) implements Serializable {

    /** What the files are. */
    enum Format {
        CSV,
        PARQUET
    }

    /**
     * The files of a table.
     *
     * @param addresses sorted
     */
    record Files(Format format, List<String> addresses) {}

    public TableFolder {
        TableName.require("table", name);
    }

    public Path path() {
        return new Path(tables, name);
    }

    /**
     * Lists the files.
     *
     * @throws TableException if there are none, or others than files of one format
     */
    Files files(Configuration hadoop) throws IOException {
        FileSystem files = path().getFileSystem(hadoop);
        FileStatus[] entries;
        try {
            entries = files.listStatus(path());
        } catch (FileNotFoundException e) {
            throw invalid("there is no such folder in " + tables);
        }
        List<String> csv = new ArrayList<>();
        List<String> parquet = new ArrayList<>();
        for (FileStatus entry : entries) {
            String file = entry.getPath().getName();
            if (isHidden(file)) {
                continue;
            }
            if (entry.isDirectory()) {
                throw invalid("it has the folder %s, but files in folders of a table are not read".formatted(file));
            }
            String lower = file.toLowerCase(Locale.ROOT);
            if (lower.endsWith(".parquet")) {
                parquet.add(entry.getPath().toString());
            } else if (lower.endsWith(".csv") || lower.endsWith(".csv.gz")) {
                csv.add(entry.getPath().toString());
            } else {
                throw invalid("files must end in .csv, .csv.gz or .parquet, but one is " + file);
            }
        }
        if (!csv.isEmpty() && !parquet.isEmpty()) {
            throw invalid("it has both CSV and Parquet files");
        }
        if (csv.isEmpty() && parquet.isEmpty()) {
            throw invalid("its folder has no files");
        }
        List<String> addresses = csv.isEmpty() ? parquet : csv;
        addresses.sort(null);
        return new Files(csv.isEmpty() ? Format.PARQUET : Format.CSV, List.copyOf(addresses));
    }

    static boolean isHidden(String file) {
        return file.startsWith(".") || file.startsWith("_");
    }

    private TableException invalid(String problem) {
        return TableException.invalid("table \"%s\": %s", name, problem);
    }
}
