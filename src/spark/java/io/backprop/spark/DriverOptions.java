package io.backprop.spark;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The command line of the {@link TrainingDriver}.
 *
 * @param service address of the service, without a slash at its end
 * @param tables folder of the tables, of any file system that Hadoop knows
 */
record DriverOptions(URI service, URI tables) {

    static final String USAGE = """
        Trains and scores tables on this Spark cluster for a backprop service.

        spark-submit [options of Spark] --class io.backprop.spark.TrainingDriver backprop-spark.jar \\
            --service URL --tables FOLDER

        --service URL     address of the service, for example http://localhost:8080
        --tables FOLDER   folder with one folder of Parquet or CSV files for each table, for example /data,
                          hdfs://namenode/data or s3a://bucket/data; driver and executors need to write to it
        --help            shows this text

        The environment variable BACKPROP_KEY holds a key of scope train, if the service needs one.
        Properties of Spark (--conf NAME=VALUE):
        spark.backprop.checkpointInterval   time between the checkpoints of a training; default 30s
        """;

    /** An error of the command line. */
    static final class InvalidOptionException extends RuntimeException {

        private static final long serialVersionUID = 1;

        InvalidOptionException(String message) {
            super(message);
        }
    }

    /**
     * Parses the arguments of the command line; null if they ask for help.
     *
     * @throws InvalidOptionException if one is unknown, missing, or has no valid value
     */
    static @Nullable DriverOptions parse(String... arguments) {
        URI service = null;
        URI tables = null;
        for (Iterator<String> rest = List.of(arguments).iterator(); rest.hasNext(); ) {
            String option = rest.next();
            switch (option) {
                case "--help", "-h" -> {
                    return null;
                }
                case "--service" -> service = service(value(option, rest));
                case "--tables" -> tables = uri(option, value(option, rest));
                default ->
                    throw new InvalidOptionException(
                            "the options are --service, --tables and --help, but \"%s\" was received"
                                    .formatted(option));
            }
        }
        return new DriverOptions(required("--service URL", service), required("--tables FOLDER", tables));
    }

    private static String value(String option, Iterator<String> rest) {
        if (!rest.hasNext()) {
            throw new InvalidOptionException("%s requires a value".formatted(option));
        }
        return rest.next();
    }

    private static URI required(String option, @Nullable URI value) {
        if (value == null) {
            throw new InvalidOptionException("%s is required".formatted(option));
        }
        return value;
    }

    private static URI service(String value) {
        URI uri = uri("--service", value.replaceFirst("/+$", ""));
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        boolean valid = (scheme.equals("http") || scheme.equals("https"))
                && uri.getHost() != null
                && uri.getQuery() == null
                && uri.getFragment() == null
                && uri.getUserInfo() == null;
        if (!valid) {
            throw new InvalidOptionException(
                    "--service must be an address such as http://localhost:8080, but was \"%s\"".formatted(value));
        }
        return uri;
    }

    private static URI uri(String option, String value) {
        try {
            return new URI(value);
        } catch (URISyntaxException e) {
            throw new InvalidOptionException(
                    "%s must be a path or an address, but was \"%s\": %s".formatted(option, value, e.getReason()));
        }
    }
}
