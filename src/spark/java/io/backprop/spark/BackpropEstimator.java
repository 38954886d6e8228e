package io.backprop.spark;

import io.backprop.driver.Preparation;
import io.backprop.engine.Activation;
import io.backprop.engine.Ensemble;
import io.backprop.engine.InvalidArgumentException;
import io.backprop.engine.KeepBest;
import io.backprop.engine.LayerSpec;
import io.backprop.engine.Loss;
import io.backprop.engine.Network;
import io.backprop.engine.NetworkSpec;
import io.backprop.engine.TargetKind;
import io.backprop.engine.Trainer;
import io.backprop.engine.TrainingListener;
import io.backprop.engine.TrainingPlan;
import io.backprop.tabular.CellFormat;
import io.backprop.tabular.CellRules;
import io.backprop.tabular.ClassEncoding;
import io.backprop.tabular.FitOptions;
import io.backprop.tabular.FittedTable;
import io.backprop.tabular.FittedTarget;
import io.backprop.tabular.Preprocessing.Columns;
import io.backprop.tabular.RowEncoding;
import io.backprop.tabular.Scaling;
import io.backprop.tabular.ScalingMethod;
import io.backprop.tabular.TableScorer;
import io.backprop.tabular.TargetUnit;
import io.backprop.tabular.ValidationShare;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.DefaultParamsWriter;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;

/**
 * Trains a network on a dataset, with the executors of the Spark application that the dataset belongs to. All columns but the
 * label are features: numbers, text (categories), booleans, dates and timestamps, with or without gaps. A label of numbers or
 * dates is predicted by regression, any other by classification. The same rows, parameters and shards give the same network bit
 * for bit, in any order and on any number of executors.
 *
 * <pre>{@code
 * BackpropModel model = new BackpropEstimator()
 *         .setLabelCol("species")
 *         .setHiddenUnits(new int[] {64, 64})
 *         .fit(flowers);
 * }</pre>
 *
 * <p>The dataset is computed several times, which must give the same rows: cache one that is expensive. Its rows are written as
 * encoded shards to {@link #folder()} during the training.
 */
public final class BackpropEstimator extends Estimator<BackpropModel> implements DefaultParamsWritable {

    private static final long serialVersionUID = 1;

    private final String uid;
    private final Param<String> labelCol;
    private final Param<String> predictionCol;
    private final Param<String> probabilityPrefix;
    private final IntArrayParam hiddenUnits;
    private final IntParam epochs;
    private final IntParam batchSize;
    private final DoubleParam learningRate;
    private final IntParam shards;
    private final LongParam seed;
    private final DoubleParam validationShare;
    private final Param<String> folder;

    public BackpropEstimator() {
        this(Identifiable$.MODULE$.randomUID("backprop"));
    }

    /** An estimator with this id, as Spark creates the one that it loads. */
    public BackpropEstimator(String uid) {
        this.uid = uid; // before the parameters, which belong to it
        labelCol = new Param<>(this, "labelCol", "name of the column to predict");
        predictionCol = new Param<>(this, "predictionCol", "name of the column of predictions");
        probabilityPrefix = new Param<>(
                this, "probabilityPrefix", "the name of a column of probabilities without the class that it ends with");
        hiddenUnits = new IntArrayParam(this, "hiddenUnits", "number of units of each hidden layer");
        epochs = new IntParam(this, "epochs", "number of passes over the rows");
        batchSize = new IntParam(this, "batchSize", "rows of each step, which is one job");
        learningRate = new DoubleParam(this, "learningRate", "learning rate of Adam");
        shards = new IntParam(this, "shards", "number of partial sums of a gradient, a power of two");
        seed = new LongParam(this, "seed", "seed of everything that is random");
        validationShare = new DoubleParam(
                this, "validationShare", "share of the rows that chooses the best epoch; 0 to keep the last one");
        folder = new Param<>(
                this, "folder", "address of a folder that all executors reach; by default the checkpoint directory");
        setDefault(labelCol, "label");
        setDefault(predictionCol, "prediction");
        setDefault(probabilityPrefix, "probability_");
        setDefault(hiddenUnits, new int[] {64, 64});
        setDefault(epochs, 20);
        setDefault(batchSize, 8192);
        setDefault(learningRate, 0.003);
        setDefault(shards, 64);
        setDefault(seed, 0L);
        setDefault(validationShare, 0.0);
    }

    /** A reader of saved estimators. */
    public static MLReader<BackpropEstimator> read() {
        return new DefaultParamsReader<>();
    }

    /** Loads an estimator that was saved. */
    public static BackpropEstimator load(String path) {
        return read().load(path);
    }

    @Override
    public MLWriter write() {
        return new DefaultParamsWriter(this);
    }

    @Override
    public void save(String path) throws IOException {
        write().save(path);
    }

    @Override
    public String uid() {
        return uid;
    }

    public Param<String> labelCol() {
        return labelCol;
    }

    public BackpropEstimator setLabelCol(String name) {
        set(labelCol, name);
        return this;
    }

    public Param<String> predictionCol() {
        return predictionCol;
    }

    public BackpropEstimator setPredictionCol(String name) {
        set(predictionCol, name);
        return this;
    }

    public Param<String> probabilityPrefix() {
        return probabilityPrefix;
    }

    public BackpropEstimator setProbabilityPrefix(String prefix) {
        set(probabilityPrefix, prefix);
        return this;
    }

    public IntArrayParam hiddenUnits() {
        return hiddenUnits;
    }

    public BackpropEstimator setHiddenUnits(int[] units) {
        set(hiddenUnits, units.clone());
        return this;
    }

    public IntParam epochs() {
        return epochs;
    }

    public BackpropEstimator setEpochs(int number) {
        set(epochs, number);
        return this;
    }

    public IntParam batchSize() {
        return batchSize;
    }

    public BackpropEstimator setBatchSize(int rows) {
        set(batchSize, rows);
        return this;
    }

    public DoubleParam learningRate() {
        return learningRate;
    }

    public BackpropEstimator setLearningRate(double rate) {
        set(learningRate, rate);
        return this;
    }

    public IntParam shards() {
        return shards;
    }

    public BackpropEstimator setShards(int number) {
        set(shards, number);
        return this;
    }

    public LongParam seed() {
        return seed;
    }

    public BackpropEstimator setSeed(long value) {
        set(seed, value);
        return this;
    }

    public DoubleParam validationShare() {
        return validationShare;
    }

    public BackpropEstimator setValidationShare(double share) {
        set(validationShare, share);
        return this;
    }

    public Param<String> folder() {
        return folder;
    }

    public BackpropEstimator setFolder(String address) {
        set(folder, address);
        return this;
    }

    /**
     * Trains a network.
     *
     * @throws io.backprop.tabular.TableException if the rows don't fit
     * @throws InvalidArgumentException if a parameter is out of its range
     * @throws io.backprop.engine.TrainingDivergedException if the loss is not finite
     */
    @Override
    public BackpropModel fit(Dataset<?> dataset) {
        SparkSession spark = dataset.sparkSession();
        TrainingPlan plan = plan();
        Path files = new Path(folder(spark), "." + Identifiable$.MODULE$.randomUID("backprop-training"));
        Network[] initial = new Network[1];
        try (PreparedTable table = PreparedTable.fit(
                spark,
                new DatasetParts.DatasetSource(dataset.toDF()),
                files,
                options(),
                PreparedTable.partitions(spark),
                fitted -> {
                    RowEncoding rows = encoding(fitted);
                    initial[0] = Network.initialize(network(rows), plan.seed());
                    TargetKind kind = rows.classes().isEmpty() ? TargetKind.NUMBERS : TargetKind.CLASSES;
                    return new Preparation(plan, rows, kind, false, Network.byteCount(initial[0].spec()));
                })) {
            return model(table, train(spark, table, initial[0]));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            delete(spark, files);
        }
    }

    private static void delete(SparkSession spark, Path files) {
        try {
            files.getFileSystem(spark.sparkContext().hadoopConfiguration()).delete(files, true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private TrainingPlan plan() {
        TrainingPlan plan = TrainingPlan.adam(((Number) getOrDefault(learningRate)).floatValue())
                .withEpochs((int) getOrDefault(epochs))
                .withBatches((int) getOrDefault(batchSize), true)
                .withShards((int) getOrDefault(shards))
                .withSeed((long) getOrDefault(seed));
        return share() == 0 ? plan : plan.withKeepBest(KeepBest.of(KeepBest.DEFAULT_MONITOR));
    }

    private float share() {
        return ((Number) getOrDefault(validationShare)).floatValue();
    }

    private String folder(SparkSession spark) {
        if (isDefined(folder)) {
            return getOrDefault(folder);
        }
        return spark.sparkContext().getCheckpointDir().getOrElse(() -> {
            throw new InvalidArgumentException(
                    "folder must be set, or the checkpoint directory of the Spark context, to a folder that all"
                            + " executors reach");
        });
    }

    private FitOptions options() {
        return new FitOptions(
                getOrDefault(labelCol),
                null,
                Map.of(),
                CellRules.DEFAULT,
                null,
                ScalingMethod.STANDARD,
                null,
                List.of(),
                share() == 0 ? null : new ValidationShare(share()),
                (long) getOrDefault(seed));
    }

    private RowEncoding encoding(FittedTable fitted) {
        List<String> classes = fitted.target() instanceof FittedTarget.Classes found ? found.names() : List.of();
        boolean numeric = fitted.target() instanceof FittedTarget.Numbers;
        TargetUnit unit = fitted.target() instanceof FittedTarget.Numbers found ? found.unit() : TargetUnit.NUMBER;
        Scaling targets = fitted.target() instanceof FittedTarget.Numbers found
                ? Scaling.standard(List.of(found.summary()))
                : Scaling.NONE;
        Columns columns = new Columns(fitted.features(), getOrDefault(labelCol), unit, targets, CellFormat.DEFAULT);
        int outputs = numeric ? 1 : new ClassEncoding(classes).outputs();
        return new RowEncoding(columns, classes, outputs, List.of(), CellRules.DEFAULT, fitted.split());
    }

    private NetworkSpec network(RowEncoding rows) {
        List<LayerSpec> layers = new ArrayList<>();
        for (int units : getOrDefault(hiddenUnits)) {
            layers.add(new LayerSpec(units, Activation.RELU));
        }
        boolean several = rows.outputs() > 1;
        Activation output =
                rows.classes().isEmpty() ? Activation.LINEAR : several ? Activation.SOFTMAX : Activation.SIGMOID;
        layers.add(new LayerSpec(rows.outputs(), output));
        Loss loss = switch (output) {
            case LINEAR -> new Loss.MeanSquaredError();
            case SOFTMAX -> new Loss.CategoricalCrossentropy(0);
            default -> new Loss.BinaryCrossentropy(0);
        };
        return new NetworkSpec(rows.columns().width(), layers, loss);
    }

    private static Network train(SparkSession spark, PreparedTable table, Network initial) throws IOException {
        ClusterGradients gradients = new ClusterGradients(spark, table, initial.spec());
        return Trainer.start(initial, table.preparation().plan(), gradients, table.validation())
                .withoutHistory()
                .train(TrainingListener.NONE)
                .network();
    }

    private BackpropModel model(PreparedTable table, Network network) {
        RowEncoding rows = table.preparation().rows();
        ClassEncoding classes = rows.classes().isEmpty() ? null : new ClassEncoding(rows.classes());
        BackpropModel model = BackpropModel.of(new TableScorer(rows.columns(), classes, Ensemble.of(network), null));
        return copyValues(model.setParent(this), new ParamMap());
    }

    /** The schema with the column of predictions; those of probabilities are known once the classes are. */
    @Override
    public StructType transformSchema(StructType schema) {
        String label = getOrDefault(labelCol);
        boolean text = schema.apply(label).dataType() instanceof StringType
                || schema.apply(label).dataType() instanceof BooleanType;
        return schema.add(getOrDefault(predictionCol), text ? DataTypes.StringType : DataTypes.FloatType, true);
    }

    @Override
    public BackpropEstimator copy(ParamMap extra) {
        return copyValues(new BackpropEstimator(uid), extra);
    }
}
