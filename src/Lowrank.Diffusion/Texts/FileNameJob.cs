namespace Lowrank.Diffusion;

/// <summary>What file names may tell of the job that made a picture.</summary>
/// <param name="Prompt">Before anything was done to it.</param>
/// <param name="NegativePrompt">The same.</param>
/// <param name="Steps">Sampling steps.</param>
/// <param name="GuidanceScale">CFG scale.</param>
/// <param name="Sampler">Its label.</param>
/// <param name="Schedule">Its label; "Automatic" is told as what the sampler prefers.</param>
/// <param name="Seeds">Of all pictures.</param>
public sealed record FileNameJob(
    string Prompt, string NegativePrompt, int Steps, double GuidanceScale, string Sampler, string Schedule, IReadOnlyList<long> Seeds)
{
    /// <summary>Pictures made at once.</summary>
    public int BatchSize { get; init; } = 1;

    /// <summary>Batches.</summary>
    public int BatchCount { get; init; } = 1;

    /// <summary>Which batch, from 0.</summary>
    public int Iteration { get; init; }

    /// <summary>Which picture of the batch, from 0.</summary>
    public int IndexInBatch { get; init; }

    /// <summary>Names of styles.</summary>
    public IReadOnlyList<string> Styles { get; init; } = [];

    /// <summary>Denoising strength; null where there is none.</summary>
    public double? Strength { get; init; }

    /// <summary>Who asked for it; null where nobody says.</summary>
    public string? User { get; init; }

    /// <summary>When it began.</summary>
    public DateTimeOffset Begun { get; init; }
}
