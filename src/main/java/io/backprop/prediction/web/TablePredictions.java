package io.backprop.prediction.web;

import io.backprop.limits.RequestLimits;
import io.backprop.prediction.EvaluationAccumulator;
import io.backprop.prediction.Prediction;
import io.backprop.prediction.Predictor;
import io.backprop.prediction.RowPredictionService;
import io.backprop.tabular.RowEncoder;
import io.backprop.tabular.Warnings;
import io.backprop.web.table.RowSource;
import java.util.List;
import java.util.function.Consumer;
import org.springframework.stereotype.Component;

/** Reads the rows of a request to their end, and answers. */
@Component
class TablePredictions {

    private final RowPredictionService service;
    private final RequestLimits limits;
    private final AnswerThreads threads;

    TablePredictions(RowPredictionService service, RequestLimits limits, AnswerThreads threads) {
        this.service = service;
        this.limits = limits;
        this.threads = threads;
    }

    PredictResponse predict(Predictor predictor, RowSource rows) {
        PredictionCollector collected = new PredictionCollector(limits);
        List<String> warnings = predict(predictor, rows, collected);
        return PredictResponse.of(
                new Prediction(predictor.model(), collected.predictions(), collected.labels(), warnings));
    }

    /** Hands rows and predictions on as they are read; gives the warnings. */
    List<String> predict(Predictor predictor, RowSource rows, PredictionWriter sink) {
        Warnings warnings = new Warnings();
        try (AnswerSteps steps = threads.steps()) {
            RowEncoder encoder = service.predict(predictor, warnings, part -> {
                steps.await();
                Consumer<Prediction> taker = sink.endPart();
                steps.begin(() -> taker.accept(part.get()));
            });
            rows.readInto(new TeeRowSink(sink, encoder));
            finish(encoder, steps);
        }
        return warnings.toList();
    }

    EvaluateResponse evaluate(Predictor predictor, RowSource rows) {
        Warnings warnings = new Warnings();
        EvaluationAccumulator accumulator = new EvaluationAccumulator(predictor);
        try (AnswerSteps steps = threads.steps()) {
            RowEncoder encoder = service.evaluate(predictor, warnings, accumulator, steps::begin);
            rows.readInto(encoder);
            finish(encoder, steps);
        }
        return EvaluateResponse.of(accumulator.evaluation(warnings.toList()));
    }

    private static void finish(RowEncoder encoder, AnswerSteps steps) {
        steps.endReading();
        encoder.finish();
        steps.await();
    }
}
