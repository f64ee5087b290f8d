namespace Lowrank.Training;

/// <summary>What is asked of a network that is taught to denoise.</summary>
/// <param name="Compute">dtype in which it is computed; the loss is float32.</param>
public sealed record DenoisingOptions(ScalarType Compute)
{
    /// <summary>The loss.</summary>
    public DiffusionLossOptions Loss { get; init; } = new();

    /// <summary>What it predicts; null means what the model's scheduler says.</summary>
    public PredictionType? Prediction { get; init; }

    /// <summary>Whether the last noise level is rescaled to pure noise, also where the model's scheduler does not say so.</summary>
    public bool ZeroTerminalSnr { get; init; }
}
