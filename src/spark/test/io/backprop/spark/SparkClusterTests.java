package io.backprop.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.TestFolders;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;

/** The support of the other tests. */
class SparkClusterTests {

    @Test
    void runsTasksInOtherJvms() {
        SparkSession spark = SparkCluster.executors(2);
        List<Long> processes = SparkCluster.context(spark)
                .parallelize(List.of(1, 2), 2)
                .map(number -> ProcessHandle.current().pid())
                .collect();
        assertThat(processes).doesNotContain(ProcessHandle.current().pid());
        assertThat(SparkCluster.executorProcesses())
                .extracting(ProcessHandle::pid)
                .containsAll(processes);
    }

    @Test
    void writesTheSameRowsAsParquet() {
        SparkSession spark = SparkCluster.local(1);
        TestTable table = TestTable.random(20, 1);
        Path folder = TestFolders.create().resolve("table");
        table.writeParquet(spark, folder);
        assertThat(spark.read().parquet(folder.toString()).count()).isEqualTo(20);
    }

    @Test
    void startsTheService() {
        try (ServiceProcess service = ServiceProcess.start()) {
            assertThat(service.get("/models").toString()).contains("models");
        }
    }
}
