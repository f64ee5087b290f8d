namespace Lowrank.Diffusion;

/// <summary>AUTOMATIC1111's settings that bear on sigmas; its defaults.</summary>
public sealed record WebUiSigmaSettings
{
    /// <summary>"Always discard next-to-last sigma".</summary>
    public bool AlwaysDiscardPenultimate { get; init; }

    /// <summary>"Use old karras scheduler sigmas": bounds of 0.1 and 10.</summary>
    public bool OldKarrasBounds { get; init; }

    /// <summary>"sigma min"; 0 for the model's.</summary>
    public double Min { get; init; }

    /// <summary>"sigma max"; 0 for the model's.</summary>
    public double Max { get; init; }

    /// <summary>"rho"; 0 for the schedule's.</summary>
    public double Rho { get; init; }

    /// <summary>"Beta scheduler - alpha".</summary>
    public double Alpha { get; init; } = 0.6;

    /// <summary>"Beta scheduler - beta".</summary>
    public double Beta { get; init; } = 0.6;

    /// <summary>Whether the model is SDXL, which has an "Align Your Steps" of its own.</summary>
    public bool IsSdxl { get; init; }

    /// <summary>In a second pass, the "Schedule type" that the first one wrote; null in a first pass.</summary>
    public string? FirstPass { get; init; }

    /// <summary>Whether this is a second pass.</summary>
    public bool IsSecondPass { get; init; }
}
