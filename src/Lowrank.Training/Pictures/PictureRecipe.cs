namespace Lowrank.Training;

/// <summary>The sections of a recipe that trains on pictures.</summary>
public static class PictureRecipe
{
    /// <summary>Its fields, in the order in which files and help tell them.</summary>
    public static RecipeForm Form { get; } = new("pictures", () =>
    [
        new("What", [.. ModelSection.Fields, .. PictureSection.PlaceFields, .. SavingSection.PlaceFields, .. AccountSection.Fields]),
        new("The adapter", [.. NetworkSection.MethodFields, .. NetworkSection.LayerFields]),
        new("How it learns", [.. OptimizationSection.RateFields, .. OptimizationSection.ChoiceFields]),
        new("How long, on what size", [.. OptimizationSection.LengthFields, .. PictureSection.SizeFields]),
        new("How it computes",
        [
            .. ComputingSection.Fields, .. DenoisingSection.Fields, .. PictureSection.TextFields, .. ComputingSection.MemoryFields,
            .. NetworkSection.DropoutFields, .. PictureSection.CaptionFields,
        ]),
        new("What it saves on the way", [.. SavingSection.AdapterFields, .. SamplingSection.Fields, .. SavingSection.FileFields]),
    ]);

    extension(TrainingRecipe recipe)
    {
        /// <summary>The pictures and their captions.</summary>
        public PictureSection Pictures => recipe.Get<PictureSection>();

        /// <summary>Losses and noise.</summary>
        public DenoisingSection Denoising => recipe.Get<DenoisingSection>();

        /// <summary>Sample pictures.</summary>
        public SamplingSection Sampling => recipe.Get<SamplingSection>();
    }
}
