using Field = Lowrank.Training.SectionField<Lowrank.Training.SamplingSection>;

namespace Lowrank.Training;

/// <summary>Sample pictures that a run makes on the way.</summary>
public sealed record SamplingSection
{
    /// <summary>Steps between sample pictures; 0 makes none.</summary>
    public int SampleEvery { get; init; }

    /// <summary>Prompts of the sample pictures.</summary>
    public IReadOnlyList<string> SamplePrompts { get; init; } = [];

    /// <summary>Files of which prompts were read, as an account tells them.</summary>
    internal IReadOnlyList<string> PromptFiles { get; init; } = [];

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
        Field.Several("sample_prompts", "Prompts of the sample pictures, or a .txt file with one a line", RecipeList.Texts,
            s => s.SamplePrompts, (s, v) => s.WithPrompts(v)) with
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

    // The last of them is new, and may be the name of a file.
    SamplingSection WithPrompts(IReadOnlyList<string> prompts)
    {
        if (prompts.Count == 0) return this with { SamplePrompts = [], PromptFiles = [] };
        string given = prompts[^1];
        if (!PromptLines.IsFile(given)) return this with { SamplePrompts = prompts };
        var lines = PromptLines.Read(given);
        string told = $"{Listing.Count(lines.Prompts.Count, "prompt")} of {given}";
        if (lines.Told(given) is { } comments) told += $"; {comments}";
        return this with { SamplePrompts = [.. prompts.SkipLast(1), .. lines.Prompts], PromptFiles = [.. PromptFiles, told] };
    }

    /// <summary>Tokens that are read of a sample prompt: as many as elsewhere, and more where captions have more.</summary>
    internal static int MaxTokens(TrainingRecipe recipe) => Math.Max(GenerateOptions.UsualMaxTokens, recipe.Pictures.MaxTokens);

    static string? WithoutSamples(TrainingRecipe recipe) => recipe.Sampling.SampleEvery > 0 ? null : "sample_every is 0";
}
