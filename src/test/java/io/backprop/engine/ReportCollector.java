package io.backprop.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Collects the reports of a training. */
class ReportCollector implements TrainingListener {

    private final List<EpochReport> reports = new ArrayList<>();

    @Override
    public void epochEnded(EpochReport report, Supplier<Network> network) {
        reports.add(report);
    }

    List<EpochReport> reports() {
        return reports;
    }

    List<Double> losses() {
        return reports.stream().map(EpochReport::loss).toList();
    }
}
