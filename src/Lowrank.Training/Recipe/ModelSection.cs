using Field = Lowrank.Training.SectionField<Lowrank.Training.ModelSection>;

namespace Lowrank.Training;

/// <summary>The base model that a recipe adapts.</summary>
public sealed record ModelSection
{
    /// <summary>A folder in the diffusers layout, or a single-file checkpoint.</summary>
    public string BaseModel { get; init; } = "";

    /// <summary>A diffusers folder that tells what a single file does not; empty for none.</summary>
    public string BaseModelConfig { get; init; } = "";

    /// <summary>Where it is.</summary>
    public static IReadOnlyList<RecipeField> PlaceFields { get; } =
    [
        Field.Text("base_model", "The base model: a folder in the diffusers layout, or a single-file checkpoint",
            s => s.BaseModel, (s, v) => s with { BaseModel = v }) with
        {
            AlsoCalled = ["model", "pretrained_model_name_or_path"],
            Letter = 'm',
            MayChange = true,   // what lies there is compared
            Check = s => s.BaseModel.Length > 0 ? []
                : ["base_model is missing (a folder in the diffusers layout, or a single-file checkpoint)"],
        },
    ];

    /// <summary>Its fields.</summary>
    public static IReadOnlyList<RecipeField> Fields { get; } =
    [
        .. PlaceFields,
        Field.Text("base_model_config", "A diffusers folder that tells what a single file does not: settings, tokenizer, parts it lacks",
            s => s.BaseModelConfig, (s, v) => s with { BaseModelConfig = v }) with
        {
            AlsoCalled = ["model_config"],
            MayChange = true,   // what lies there is compared
        },
    ];
}
