using Field = Lowrank.Training.SectionField<Lowrank.Training.SamplingSection>;

namespace Lowrank.Training;

/// <summary>Sample pictures that a run makes on the way.</summary>
public sealed record SamplingSection
{
    /// <summary>Steps between sample pictures; 0 makes none.</summary>
    public int SampleEvery { get; init; }

    /// <summary>Prompts of the sample pictures.</summary>
    public IReadOnlyList<string> SamplePrompts { get; init; } = [];

    /// <summary>Sampling steps of the sample pictures.</summary>
    public int SampleSteps { get; init; } = 20;

    /// <summary>Guidance of the sample pictures.</summary>
    public double SampleGuidance { get; init; } = 7;

    /// <summary>Its fields.</summary>
    public static IReadOnlyList<RecipeField> Fields { get; } =
    [
        Field.Whole("sample_every", "Steps between sample pictures; 0 makes none",
            s => s.SampleEvery, (s, v) => s with { SampleEvery = (int)v }, NumberRange.AtLeast(0)) with
        {
            AlsoCalled = ["sample_every_n_steps"],
            MayChange = true,
        },
        Field.Several("sample_prompts", "Prompts of the sample pictures", RecipeList.Texts,
            s => s.SamplePrompts, (s, v) => s with { SamplePrompts = v }) with
        {
            MayChange = true,
            Idle = WithoutSamples,
            Check = s => s.SampleEvery == 0 || s.SamplePrompts.Count > 0 ? [] : ["sample_every is on and sample_prompts is empty"],
        },
        Field.Whole("sample_steps", "Sampling steps of the sample pictures",
            s => s.SampleSteps, (s, v) => s with { SampleSteps = (int)v }, NumberRange.AtLeast(1)) with
        {
            MayChange = true,
            Idle = WithoutSamples,
        },
        Field.Number("sample_guidance", "Guidance of the sample pictures",
            s => s.SampleGuidance, (s, v) => s with { SampleGuidance = v }, NumberRange.Finite) with
        {
            MayChange = true,
            Idle = WithoutSamples,
        },
    ];

    static string? WithoutSamples(TrainingRecipe recipe) => recipe.Sampling.SampleEvery > 0 ? null : "sample_every is 0";
}
