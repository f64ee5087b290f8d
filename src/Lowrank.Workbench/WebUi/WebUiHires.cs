namespace Lowrank.Workbench;

/// <summary>A second pass at a larger size ("Hires. fix").</summary>
public sealed record WebUiHires
{
    /// <summary>Factor of both sides, where no size is told.</summary>
    public double Scale { get; init; } = 2;

    /// <summary>The size; 0 follows the other side, both 0 means <see cref="Scale"/>.</summary>
    public (int Width, int Height) Resize { get; init; }

    /// <summary>How it is enlarged: of the latents ("Latent (bicubic)"), or of the picture ("Lanczos"); null is "Latent".</summary>
    public string? Upscaler { get; init; }

    /// <summary>Steps; 0 as many as the first pass.</summary>
    public int Steps { get; init; }

    /// <summary>The model; null or empty for the same.</summary>
    public string? Checkpoint { get; init; }

    /// <summary>The sampler; null for the same.</summary>
    public string? Sampler { get; init; }

    /// <summary>The schedule; null for the same.</summary>
    public string? Scheduler { get; init; }

    /// <summary>The prompt; empty for the same.</summary>
    public string Prompt { get; init; } = "";

    /// <summary>The negative prompt; empty for the same.</summary>
    public string NegativePrompt { get; init; } = "";
}
