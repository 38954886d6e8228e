package io.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The service on a database that a newer version has migrated, as while replicas are updated one after the other. */
@Execution(ExecutionMode.CONCURRENT)
class ExpandedSchemaTests extends HttpTestBase {

    @Test
    void worksWithTheSchemaOfANewerVersion() throws Exception {
        Path folder = TestFolders.create();
        ChildService.start(folder).terminate();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("backprop.db"));
                Statement statement = connection.createStatement()) {
            for (String table : new String[] {"model", "model_version", "training", "scheduled_tasks"}) {
                statement.execute("alter table " + table + " add column added_later text");
            }
            statement.execute("""
                    insert into flyway_schema_history
                    select 99, '99', 'expand', type, 'V99__expand.sql', 1, installed_by, installed_on, 1, true
                    from flyway_schema_history where version = '1'""");
        }

        try (ChildService service = ChildService.start(folder)) {
            port = service.port();
            json(post("/models", """
                    {"id": "m", "hidden": [], "task": "regression"}"""), 201);
            json(post("/models/m/train", "{\"inputs\": [[1],[2]], \"targets\": [2,4]}"), 200);
            assertThat(delete("/models/m").statusCode()).isEqualTo(204);
        }
    }
}
