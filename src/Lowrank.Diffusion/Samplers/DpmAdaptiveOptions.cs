namespace Lowrank.Diffusion;

/// <summary>How DPM adaptive finds its steps; k-diffusion's defaults.</summary>
public sealed record DpmAdaptiveOptions
{
    /// <summary>2 or 3: which orders are compared, the first with the second or the second with the third.</summary>
    public int Order { get; init; } = 3;

    /// <summary>Error allowed for each value, as a share of it.</summary>
    public double RelativeTolerance { get; init; } = 0.05;

    /// <summary>Error allowed for each value at least.</summary>
    public double AbsoluteTolerance { get; init; } = 0.0078;

    /// <summary>Length of the first step in ln σ.</summary>
    public double FirstLength { get; init; } = 0.05;

    /// <summary>How the next length follows the error: in proportion.</summary>
    public double Proportional { get; init; }

    /// <summary>How it follows the error's sum.</summary>
    public double Integral { get; init; } = 1;

    /// <summary>How it follows the error's change.</summary>
    public double Derivative { get; init; }

    /// <summary>A step is taken where the next would be at least this many times as long; else tried again.</summary>
    public double AcceptSafety { get; init; } = 0.81;

    /// <summary>Share of fresh noise; 0 for none.</summary>
    public double Eta { get; init; }

    /// <summary>Multiplies the fresh noise.</summary>
    public double NoiseScale { get; init; } = 1;
}
