namespace Lowrank.Diffusion;

/// <summary>What a schedule of sigmas spreads its steps over.</summary>
/// <param name="Table">σ of the model's timesteps.</param>
public sealed record SigmaRange(SigmaTable Table)
{
    /// <summary>The largest σ; the table's unless set.</summary>
    public double Max { get; init; } = Table.Max;

    /// <summary>The smallest σ before the closing zero; the table's unless set.</summary>
    public double Min { get; init; } = Table.Min;

    /// <summary>ρ of karras and polyexponential; null for 7 and 1.</summary>
    public double? Rho { get; init; }

    /// <summary>α of the beta distribution.</summary>
    public double Alpha { get; init; } = 0.6;

    /// <summary>β of the beta distribution.</summary>
    public double Beta { get; init; } = 0.6;
}
