namespace Lowrank.Diffusion;

/// <summary>What can be set on the SA-Solver; ComfyUI's defaults.</summary>
public sealed record SaSolverOptions
{
    /// <summary>Clean estimates that the predictor looks at.</summary>
    public int PredictorOrder { get; init; } = 3;

    /// <summary>Clean estimates that the corrector looks at; 0 for no corrector.</summary>
    public int CorrectorOrder { get; init; } = 4;

    /// <summary>Whether the corrected sample is evaluated once more (predict, evaluate, correct, evaluate).</summary>
    public bool EvaluatesCorrected { get; init; }

    /// <summary>Whether the second order is the simpler formula of the paper's appendix D.</summary>
    public bool SimpleSecondOrder { get; init; }

    /// <summary>τ: share of fresh noise within the interval; outside it there is none.</summary>
    public double Eta { get; init; } = 1;

    /// <summary>Multiplies the fresh noise.</summary>
    public double NoiseScale { get; init; } = 1;

    /// <summary>Where the interval begins, as a share of the timesteps gone, 0 to 1.</summary>
    public double From { get; init; } = 0.2;

    /// <summary>Where it ends.</summary>
    public double To { get; init; } = 0.8;
}
