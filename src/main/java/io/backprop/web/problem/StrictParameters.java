package io.backprop.web.problem;

import java.beans.PropertyEditorSupport;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.WebDataBinder;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.InitBinder;

/** Takes in URLs and headers only such numbers and truth values as JSON has, where Spring takes 0x10, +1, "on" or "". */
@ControllerAdvice
class StrictParameters {

    private static final Pattern WHOLE_NUMBER = Pattern.compile("-?(0|[1-9][0-9]*)");
    private static final Pattern TRUTH = Pattern.compile("true|false");

    /* Editors and not converters: where one of those fails, Spring goes on to its own editors, which are not strict. */
    @InitBinder
    void useStrictEditors(WebDataBinder binder) {
        binder.registerCustomEditor(int.class, new Editor(WHOLE_NUMBER, Integer::valueOf));
        binder.registerCustomEditor(Integer.class, new Editor(WHOLE_NUMBER, Integer::valueOf));
        binder.registerCustomEditor(long.class, new Editor(WHOLE_NUMBER, Long::valueOf));
        binder.registerCustomEditor(Long.class, new Editor(WHOLE_NUMBER, Long::valueOf));
        binder.registerCustomEditor(boolean.class, new Editor(TRUTH, Boolean::valueOf));
        binder.registerCustomEditor(Boolean.class, new Editor(TRUTH, Boolean::valueOf));
    }

    /** Whether a value has the form of a whole number, however large. */
    static boolean isWholeNumber(@Nullable Object value) {
        return value instanceof String text && WHOLE_NUMBER.matcher(text).matches();
    }

    private static final class Editor extends PropertyEditorSupport {

        private final Pattern form;
        private final Function<String, Object> conversion;

        Editor(Pattern form, Function<String, Object> conversion) {
            this.form = form;
            this.conversion = conversion;
        }

        @Override
        public void setAsText(String text) {
            if (!form.matcher(text).matches()) {
                throw new IllegalArgumentException("must match " + form + ", but was \"" + text + '"');
            }
            setValue(conversion.apply(text));
        }
    }
}
