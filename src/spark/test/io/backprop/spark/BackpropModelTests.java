package io.backprop.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backprop.TestFolders;
import io.backprop.tabular.TableScorer;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.feature.SQLTransformer;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BackpropModelTests {

    private static final TestTable TABLE = TestTable.random(3000, 7);
    private static final int COLUMNS = TABLE.columns().size();

    private static SparkSession spark;
    private static Dataset<Row> table;

    @BeforeAll
    static void startSpark() {
        spark = SparkCluster.local(1);
        var folder = TestFolders.create();
        TABLE.writeParquet(spark, folder);
        table = spark.read().parquet(folder.toUri().toString());
    }

    static Stream<TableScorer> scorers() {
        return Stream.of(Scorers.regression(), Scorers.dates(), Scorers.binary(), Scorers.classes());
    }

    @ParameterizedTest
    @MethodSource("scorers")
    void predictsAsTheServiceDoes(TableScorer scorer) {
        List<Row> rows = BackpropModel.of(scorer).transform(table).collectAsList();

        List<String[]> expected = Scorers.predictions(Scorers.csv(scorer, TABLE.csv()), COLUMNS);
        assertThat(rows.get(0).schema().fieldNames()).endsWith(expected.get(0));
        assertThat(rows).hasSize(TABLE.rows().size());
        for (int row = 0; row < rows.size(); row++) {
            for (int column = 0; column < COLUMNS; column++) {
                assertThat(rows.get(row).get(column)).isEqualTo(TABLE.rows().get(row)[column]);
            }
            for (int column = 0; column < expected.get(0).length; column++) {
                assertSame(rows.get(row).get(COLUMNS + column), expected.get(row + 1)[column]);
            }
        }
    }

    private static void assertSame(Object value, String text) {
        if (value instanceof Float number) {
            assertThat(Float.floatToRawIntBits(number)).isEqualTo(Float.floatToRawIntBits(Float.parseFloat(text)));
        } else {
            assertThat(value).isEqualTo(text);
        }
    }

    @Test
    void acceptsOtherTypesOfTheSameValues() {
        Dataset<Row> same = table.withColumn("date", functions.to_date(functions.col("date")))
                .withColumn("a", functions.col("a").cast(DataTypes.createDecimalType(38, 18)))
                .withColumn("count", functions.col("count").cast(DataTypes.IntegerType))
                .withColumn("list", functions.array(functions.col("a")));
        Dataset<Row> exact = table.withColumn(
                "a",
                functions.col("a").cast(DataTypes.createDecimalType(38, 18)).cast("double"));
        BackpropModel model = BackpropModel.of(Scorers.classes());

        assertThat(predictions(model.transform(same))).isEqualTo(predictions(model.transform(exact)));
        Dataset<Row> midnight = same.withColumn("date", functions.col("date").cast(DataTypes.TimestampNTZType));
        assertThat(predictions(model.transform(midnight))).isEqualTo(predictions(model.transform(exact)));
    }

    private static List<Row> predictions(Dataset<Row> rows) {
        return rows.select("prediction", "probability_c").collectAsList();
    }

    @Test
    void worksInASavedPipeline() throws IOException {
        BackpropModel model =
                BackpropModel.of(Scorers.binary()).setPredictionCol("forecast").setProbabilityPrefix("p_");
        SQLTransformer doubled = new SQLTransformer().setStatement("SELECT *, p_low * 2 AS doubled FROM __THIS__");
        PipelineModel pipeline =
                new Pipeline().setStages(new PipelineStage[] {model, doubled}).fit(table);
        String path = TestFolders.create().resolve("pipeline").toUri().toString();
        pipeline.save(path);

        PipelineModel loaded = PipelineModel.load(path);

        BackpropModel stage = (BackpropModel) loaded.stages()[0];
        assertThat(stage.uid()).isEqualTo(model.uid());
        assertThat(stage.classes()).containsExactly("high", "low");
        assertThat(stage.features()).containsExactly("a", "b", "city", "date", "count");
        List<Row> rows =
                loaded.transform(table).select("forecast", "p_low", "doubled").collectAsList();
        assertThat(rows)
                .isEqualTo(pipeline.transform(table)
                        .select("forecast", "p_low", "doubled")
                        .collectAsList());
        assertThat(rows).hasSize(TABLE.rows().size());
    }

    @Test
    void copiesParameters() {
        BackpropModel model = BackpropModel.of(Scorers.regression()).setPredictionCol("x");
        BackpropModel copy = model.copy(new ParamMap().put(model.predictionCol(), "z"));

        assertThat(model.getPredictionCol()).isEqualTo("x");
        assertThat(copy.getPredictionCol()).isEqualTo("z");
        assertThat(copy.transform(table).columns()).endsWith("z");
    }

    @Test
    void predictsForNoRows() {
        Dataset<Row> none = table.filter("a > 1000");
        assertThat(BackpropModel.of(Scorers.regression()).transform(none).count())
                .isZero();
    }

    @Test
    void rejectsDatasetsThatDoNotFit() {
        BackpropModel model = BackpropModel.of(Scorers.regression());
        assertThatThrownBy(() -> model.transform(table.drop("city")))
                .hasMessage("the model needs column \"city\", but the table has only \"a\", \"b\", \"date\", \"count\","
                        + " \"y\", \"kind\"");
        assertThatThrownBy(() -> model.transform(table.withColumn("city", functions.array(functions.lit(1)))))
                .hasMessage("column \"city\" must have numbers, text, booleans, dates or timestamps, but has the type"
                        + " array<int>");
        assertThatThrownBy(() -> model.transform(table.withColumn("prediction", functions.lit(1))))
                .hasMessage("column \"prediction\" exists already; set predictionCol or probabilityPrefix");
    }

    @Test
    void rejectsCellsThatDoNotFit() {
        Dataset<Row> wrong = table.withColumn("a", functions.lit("many"));
        assertThatThrownBy(() ->
                        BackpropModel.of(Scorers.regression()).transform(wrong).collectAsList())
                .hasMessageContaining("column \"a\" must be a number, but is \"many\"");
    }
}
