package io.backprop.web;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonValue;
import io.backprop.engine.InvalidArgumentException;
import io.backprop.engine.Matrix;
import io.backprop.engine.Vector;
import io.backprop.limits.LimitExceededException;
import io.backprop.limits.MemoryBusyException;
import io.backprop.tabular.CellFormat;
import io.backprop.tabular.ColumnType;
import io.backprop.tabular.InvalidCells;
import io.backprop.tabular.Table;
import io.backprop.tabular.TableExamples;
import io.backprop.tabular.TableException;
import io.backprop.tabular.Targets;
import io.backprop.web.table.DecimalSeparator;
import io.backprop.web.table.RowSource;
import io.backprop.web.table.RowsRequest;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import jakarta.validation.Valid;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.PositiveOrZero;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.test.context.TestComponent;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Accepts the kinds of requests that the service's controllers accept, and returns them. */
@TestComponent
@RestController
@RequestMapping("/echo")
public class EchoController {

    enum Loss {
        MEAN_SQUARED_ERROR,
        HUBER
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
    @JsonSubTypes({
        @JsonSubTypes.Type(name = "sgd", value = Sgd.class),
        @JsonSubTypes.Type(name = "adam", value = Adam.class)
    })
    interface Optimizer {}

    record Sgd(@Nullable Double momentum) implements Optimizer {}

    record Adam(@Nullable Double beta1) implements Optimizer {}

    record Layer(@NotNull @Min(1) Integer units) {}

    record Width(int units) {
        Width {
            InvalidArgumentException.requireArgument(units < 10, "units must be below 10, but was %d", units);
        }
    }

    record ModelRequest(
            @Nullable @Size(max = 8) @Pattern(regexp = "[a-z0-9]*")
            String id,

            @Nullable @Min(1) @Max(64) Integer layerCount,
            @Nullable @Positive Double learningRate,

            @Nullable @DecimalMin(value = "0", inclusive = false)
            Float l2,

            @Nullable Long seed,
            @Nullable Boolean shuffle,
            @Nullable Loss loss,
            @Nullable Optimizer optimizer,
            @Nullable List<@NotNull Integer> hiddenUnits,
            @Nullable @Size(min = 1, max = 3) List<@NotNull @Valid Layer> hidden,
            @Nullable Width width) {}

    public record DataRequest(
            @NotNull Matrix inputs,
            @Nullable Targets targets,
            @Nullable Vector sampleWeights) {}

    record Patience(
            @NotNull @Min(1) Integer epochs, @Nullable Float delta) {}

    /** Weights by name, or {@code "balanced"}. */
    record Weights(@JsonValue Map<String, @NotNull @PositiveOrZero Float> byName) {
        @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
        Weights {}

        @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
        static Weights of(String text) {
            InvalidArgumentException.requireArgument(text.equals("balanced"), "weights must be balanced");
            return new Weights(Map.of("balanced", 1f));
        }
    }

    record TableRequest(
            @NotNull RowSource rows,
            @NotNull String target,
            @Nullable @Min(1) Integer epochs,
            @Nullable Boolean shuffle,
            @Nullable @Positive Double rate,
            @Nullable Loss loss,
            @Nullable @Valid Patience patience,
            @Nullable Map<String, @NotNull ColumnType> columns,
            @Nullable @Valid Weights weights,
            @Nullable List<@NotNull String> missing,
            @Nullable DecimalSeparator decimal,
            @Nullable String dateFormat,
            @Nullable InvalidCells invalidCells,
            @Nullable Matrix inputs)
            implements RowsRequest {}

    record Answer(double loss, Float bad, Vector values, Matrix matrix, Loss kind, Instant at, Duration took) {}

    @PostMapping("/model")
    ModelRequest model(@RequestBody @Valid ModelRequest request) {
        return request;
    }

    @ApiResponse(responseCode = "200", description = "The data")
    @ApiResponse(responseCode = "404", description = "No such id")
    @ApiResponse(responseCode = "409", description = "Not trained")
    @PostMapping(path = "/data/{id}", consumes = "application/json", produces = "application/json")
    Map<String, Object> data(@PathVariable String id, @RequestBody @Valid DataRequest request) {
        if (request.targets() instanceof Targets.Labels labels) {
            return Map.of("inputs", request.inputs(), "targets", labels.names());
        }
        return request.targets() instanceof Targets.Numbers numbers
                ? Map.of("inputs", request.inputs(), "targets", numbers.values())
                : Map.of("inputs", request.inputs());
    }

    /** The number of bytes of a table, and the last one. */
    @PostMapping(
            path = "/bytes",
            consumes = {"text/csv", "application/x-ndjson", "text/plain"})
    Map<String, Object> bytes(@RequestBody byte[] body) {
        return Map.of("bytes", body.length, "end", body[body.length - 1]);
    }

    @PostMapping("/table")
    Map<String, Object> table(@RequestBody @Valid TableRequest request, @RequestParam(required = false) String of) {
        Map<String, Object> answer = new LinkedHashMap<>();
        Table table = request.rows().toTable(request.cellRules(CellFormat.DEFAULT), null);
        answer.put("columns", table.columns());
        answer.put("rows", table.rows());
        answer.put(
                "target",
                TableExamples.of(table, request.target(), Map.of(), ColumnType.CATEGORICAL)
                        .targets());
        answer.put("epochs", request.epochs());
        answer.put("shuffle", request.shuffle());
        answer.put("rate", request.rate());
        answer.put("loss", request.loss());
        answer.put("patience", request.patience());
        answer.put("types", request.columns());
        answer.put("weights", request.weights());
        answer.put("of", of);
        return answer;
    }

    @GetMapping("/answer")
    Answer answer() {
        Matrix matrix = Matrix.of(new float[] {0, 0.1f}, new float[] {Float.NaN, 1e-10f});
        Vector values = Vector.of(1.5f, Float.POSITIVE_INFINITY);
        Instant at = Instant.parse("2026-01-02T03:04:05Z");
        return new Answer(Double.NaN, Float.NaN, values, matrix, Loss.MEAN_SQUARED_ERROR, at, Duration.ofSeconds(90));
    }

    @GetMapping("/list")
    Map<String, Integer> list(
            @RequestParam(defaultValue = "50") @Min(1) @Max(100) int limit,
            @RequestParam String of,
            @RequestParam(required = false) @Nullable Long version,
            @RequestParam(defaultValue = "false") boolean keep) {
        return Map.of(of, limit);
    }

    @GetMapping("/memory")
    Map<String, Object> memory() {
        throw new OutOfMemoryError("of a test");
    }

    @GetMapping("/fail/{how}")
    Map<String, Object> fail(@PathVariable String how) {
        throw switch (how) {
            case "limit-exceeded" -> new LimitExceededException("hidden", "hidden has too many layers");
            case "memory-busy" -> new MemoryBusyException();
            case "invalid-argument" -> new InvalidArgumentException("units must be at least 1, but was 0");
            case "table" -> TableException.invalid("row 3 has no target");
            default -> new IllegalStateException("secret " + how);
        };
    }
}
