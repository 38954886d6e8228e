package io.backprop.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backprop.spark.DriverOptions.InvalidOptionException;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DriverOptionsTests {

    @Test
    void readsTheCommandLine() {
        DriverOptions options =
                DriverOptions.parse("--service", "https://models.example/api/", "--tables", "s3a://b/t");
        assertThat(options)
                .isEqualTo(new DriverOptions(URI.create("https://models.example/api"), URI.create("s3a://b/t")));
    }

    @Test
    void helps() {
        assertThat(DriverOptions.parse("--tables", "/data", "--help")).isNull();
        assertThat(DriverOptions.USAGE).contains("--service", "--tables", "--help", "BACKPROP_KEY");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--service http://localhost:8080          | --tables FOLDER is required",
                "--tables /data                           | --service URL is required",
                "--tables                                 | --tables requires a value",
                "--port 1                                 | --service, --tables and --help, but \"--port\" was"
                        + " received",
                "--service localhost:8080 --tables /data  | address such as http://localhost:8080, but was"
                        + " \"localhost:8080\"",
                "--service http://u:p@host --tables /data | address such as http://localhost:8080",
                "--service http://host?a=b --tables /data | address such as http://localhost:8080",
                "--service http://a^b --tables /data      | Illegal character",
            })
    void rejects(String arguments, String message) {
        assertThatThrownBy(() -> DriverOptions.parse(arguments.split(" ", -1)))
                .isInstanceOf(InvalidOptionException.class)
                .hasMessageContaining(message);
    }
}
