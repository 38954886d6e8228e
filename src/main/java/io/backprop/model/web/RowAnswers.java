package io.backprop.model.web;

import io.backprop.model.EvaluationAccumulator;
import io.backprop.model.Prediction;
import io.backprop.model.Predictor;
import io.backprop.model.RowPredictionService;
import io.backprop.security.RequestLimits;
import io.backprop.tabular.RowEncoder;
import io.backprop.tabular.Warnings;
import io.backprop.web.RowSource;
import java.util.List;
import org.springframework.stereotype.Component;

/** Reads the rows of a request to their end, and answers. */
@Component
class RowAnswers {

    private final RowPredictionService service;
    private final RequestLimits limits;

    RowAnswers(RowPredictionService service, RequestLimits limits) {
        this.service = service;
        this.limits = limits;
    }

    PredictResponse predict(Predictor predictor, RowSource rows) {
        CollectedPredictions collected = new CollectedPredictions(limits);
        List<String> warnings = predict(predictor, rows, collected);
        return PredictResponse.of(
                new Prediction(predictor.model(), collected.predictions(), collected.labels(), warnings));
    }

    /** Hands rows and predictions on as they are read; gives the warnings. */
    List<String> predict(Predictor predictor, RowSource rows, PredictionSink sink) {
        Warnings warnings = new Warnings();
        RowEncoder encoder = service.predict(predictor, warnings, sink::predicted);
        rows.readInto(new RowTee(sink, encoder));
        encoder.finish();
        return warnings.toList();
    }

    EvaluateResponse evaluate(Predictor predictor, RowSource rows) {
        Warnings warnings = new Warnings();
        EvaluationAccumulator accumulator = new EvaluationAccumulator(predictor);
        RowEncoder encoder = service.evaluate(predictor, warnings, accumulator);
        rows.readInto(encoder);
        encoder.finish();
        return EvaluateResponse.of(accumulator.evaluation(warnings.toList()));
    }
}
