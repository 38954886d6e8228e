package io.backprop.spark;

import io.backprop.tabular.CellRules;
import io.backprop.tabular.Feature;
import io.backprop.tabular.InvalidCells;
import io.backprop.tabular.PredictionColumns;
import io.backprop.tabular.TableScorer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkContext;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWriter;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import scala.Option;

/**
 * A version of a model, as a transformer of Spark: adds the prediction to each row, and the probability of each class. The
 * columns of the dataset are those of the table that the model was trained on, in any order; others are kept as they are.
 * Predictions are those of the service, bit for bit: a float for a number, text for a class or for a date in ISO 8601.
 *
 * <pre>{@code
 * BackpropModel model = BackpropModel.load("http://localhost:8080", "iris", null);
 * Dataset<Row> predictions = model.transform(flowers);
 * }</pre>
 *
 * <p>From Python, by the wrapper that PySpark has for transformers in Java:
 *
 * <pre>{@code
 * from pyspark.ml.wrapper import JavaModel
 * model = JavaModel(spark._jvm.io.backprop.spark.BackpropModel.load("http://localhost:8080", "iris", None))
 * predictions = model.transform(flowers)
 * }</pre>
 */
public final class BackpropModel extends Model<BackpropModel> implements MLWritable {

    private static final long serialVersionUID = 1;
    private static final String SCORER = "scorer"; // file

    private final String uid;
    private final PortableScorer scorer;
    private final Param<String> predictionCol;
    private final Param<String> probabilityPrefix;

    private BackpropModel(String uid, PortableScorer scorer) {
        this.uid = uid; // before the parameters, which belong to it
        this.scorer = scorer;
        this.predictionCol = new Param<>(this, "predictionCol", "name of the column of predictions");
        this.probabilityPrefix = new Param<>(
                this, "probabilityPrefix", "the name of a column of probabilities without the class that it ends with");
        setDefault(predictionCol, PredictionColumns.PREDICTION);
        setDefault(probabilityPrefix, PredictionColumns.PROBABILITY);
    }

    BackpropModel(PortableScorer scorer) {
        this(Identifiable$.MODULE$.randomUID("backprop"), scorer);
    }

    /** A model that predicts as a scorer does. */
    public static BackpropModel of(TableScorer scorer) {
        return new BackpropModel(new PortableScorer(scorer));
    }

    /**
     * Loads the current version of a model from the service.
     *
     * @param service such as {@code http://localhost:8080}
     * @param key with the scope {@code predict}; null if the service needs none
     */
    public static BackpropModel load(String service, String model, @Nullable String key) {
        ServiceClient client = client(service, key);
        return load(client, model, client.getJson(path(model)).path("version").asLong());
    }

    /** Loads a version of a model from the service. */
    public static BackpropModel load(String service, String model, long version, @Nullable String key) {
        return load(client(service, key), model, version);
    }

    private static BackpropModel load(ServiceClient client, String model, long version) {
        byte[] packet = client.getBytes("%s/versions/%d/scorer".formatted(path(model), version));
        return new BackpropModel(new PortableScorer(packet));
    }

    private static ServiceClient client(String service, @Nullable String key) {
        return new ServiceClient(
                URI.create(service.endsWith("/") ? service.substring(0, service.length() - 1) : service), key);
    }

    private static String path(String model) {
        return "/models/" + URLEncoder.encode(model, StandardCharsets.UTF_8);
    }

    /** Loads a model that was saved as a part of a pipeline, or alone. */
    public static BackpropModel load(String path) {
        return read().load(path);
    }

    /** A reader of saved models. */
    public static MLReader<BackpropModel> read() {
        return new Reader();
    }

    @Override
    public String uid() {
        return uid;
    }

    /** The name of the column of predictions, {@code prediction} by default. */
    public Param<String> predictionCol() {
        return predictionCol;
    }

    public String getPredictionCol() {
        return getOrDefault(predictionCol);
    }

    public BackpropModel setPredictionCol(String name) {
        set(predictionCol, name);
        return this;
    }

    /** The name of a column of probabilities without its end, which is the class; {@code probability_} by default. */
    public Param<String> probabilityPrefix() {
        return probabilityPrefix;
    }

    public String getProbabilityPrefix() {
        return getOrDefault(probabilityPrefix);
    }

    public BackpropModel setProbabilityPrefix(String prefix) {
        set(probabilityPrefix, prefix);
        return this;
    }

    /** Identifies the networks and their preprocessing: models with the same bits have the same fingerprint. */
    public String fingerprint() {
        return scorer.fingerprint();
    }

    /** The names of the classes; empty if the model predicts numbers or dates. */
    public List<String> classes() {
        return scorer.scorer().classes();
    }

    /** The names of the columns that the model needs. */
    public List<String> features() {
        return scorer.scorer().columns().features().stream().map(Feature::name).toList();
    }

    @Override
    public Dataset<Row> transform(Dataset<?> dataset) {
        transformSchema(dataset.schema());
        CellRules rules = new CellRules(scorer.scorer().columns().format(), InvalidCells.ERROR);
        return DatasetPredictions.of(
                dataset.toDF(), dataset.schema(), scorer, rules, addedColumns(), DatasetPredictions.Reports.FAILURES);
    }

    @Override
    public StructType transformSchema(StructType schema) {
        PredictionColumns added = addedColumns();
        List<String> present = added.names().stream()
                .filter(List.of(schema.fieldNames())::contains)
                .toList();
        if (!present.isEmpty()) {
            throw new IllegalArgumentException(
                    "column \"%s\" exists already; set predictionCol or probabilityPrefix".formatted(present.get(0)));
        }
        return DatasetPredictions.schema(schema, scorer.scorer(), added);
    }

    private PredictionColumns addedColumns() {
        return new PredictionColumns(
                Stream.concat(Stream.of(getPredictionCol()), classes().stream().map(getProbabilityPrefix()::concat))
                        .toList());
    }

    @Override
    public BackpropModel copy(ParamMap extra) {
        return copyValues(new BackpropModel(uid, scorer), extra).setParent(parent());
    }

    @Override
    public MLWriter write() {
        return new Writer();
    }

    @Override
    public void save(String path) throws IOException {
        write().save(path);
    }

    /** Writes the parameters as Spark does, and the networks with their preprocessing as a packet. */
    private final class Writer extends MLWriter {
        @Override
        public void saveImpl(String path) {
            DefaultParamsWriter.saveMetadata(BackpropModel.this, path, sparkSession());
            Path file = new Path(path, SCORER);
            try (FSDataOutputStream out = fileSystem(file, sc()).create(file)) {
                out.write(scorer.packet());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static final class Reader extends MLReader<BackpropModel> {
        @Override
        public BackpropModel load(String path) {
            DefaultParamsReader.Metadata metadata =
                    DefaultParamsReader.loadMetadata(path, sparkSession(), BackpropModel.class.getName());
            Path file = new Path(path, SCORER);
            try (FSDataInputStream in = fileSystem(file, sc()).open(file)) {
                BackpropModel model = new BackpropModel(metadata.uid(), new PortableScorer(in.readAllBytes()));
                metadata.getAndSetParams(model, Option.empty());
                return model;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static FileSystem fileSystem(Path file, SparkContext spark) throws IOException {
        return file.getFileSystem(spark.hadoopConfiguration());
    }
}
