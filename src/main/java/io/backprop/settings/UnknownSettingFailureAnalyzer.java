package io.backprop.settings;

import io.backprop.settings.SettingsCheck.UnknownSettingException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Names unknown settings, instead of a stack trace. */
class UnknownSettingFailureAnalyzer extends AbstractFailureAnalyzer<UnknownSettingException> {

    @Override
    protected FailureAnalysis analyze(Throwable root, UnknownSettingException cause) {
        return new FailureAnalysis(
                "Unknown settings:%n%n%s".formatted(cause.getMessage()), "Correct or remove them.", cause);
    }
}
