namespace Lowrank.Training;

/// <summary>The sections of a recipe that trains a language model.</summary>
public static class LanguageRecipe
{
    /// <summary>Its fields, in the order in which files and help tell them.</summary>
    public static RecipeForm Form { get; } = new("language", () =>
    [
        new("What", [.. ModelSection.PlaceFields, .. LanguageSection.PlaceFields, .. SavingSection.PlaceFields, .. AccountSection.Fields]),
        new("The adapter", [.. NetworkSection.MethodFields, .. NetworkSection.ChoiceFields]),
        new("How it learns",
        [
            .. OptimizationSection.PlainRateFields, .. OptimizationSection.ChoiceFields, .. LanguageSection.ObjectiveFields,
        ]),
        new("Answers that it learns from", [.. LanguageSection.AnswerFields]),
        new("How long, on what size", [.. OptimizationSection.LengthFields, .. LanguageSection.RowFields]),
        new("How it computes", [.. ComputingSection.Fields, .. ComputingSection.MemoryFields, .. NetworkSection.DropoutFields]),
        new("What it saves on the way",
        [
            .. SavingSection.AdapterFields, .. LanguageSection.FileFields, .. LanguageSection.LookFields, .. SavingSection.FileFields,
        ]),
    ])
    {
        Standards = [new NetworkSection { Preset = "blocks" }, new OptimizationSection { Epochs = 1, RoundsWarmupUp = true }],
    };

    extension(TrainingRecipe recipe)
    {
        /// <summary>Data, rows and objective.</summary>
        public LanguageSection Language => recipe.Get<LanguageSection>();
    }
}
