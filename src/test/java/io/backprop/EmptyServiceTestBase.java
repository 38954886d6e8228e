package io.backprop;

import io.backprop.model.Model;
import io.backprop.model.ModelService;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;

/** Base class for tests that expect a service without models, as a new user finds it. */
public abstract class EmptyServiceTestBase extends ServiceTestBase {

    @BeforeEach
    protected void deleteAllModels(@Autowired ModelService models) {
        for (Model model : models.list(1_000, null).models()) {
            models.delete(model.id());
        }
    }
}
