namespace Lowrank.Models;

/// <summary>What a single-file checkpoint cannot say of itself.</summary>
public sealed record CheckpointOptions
{
    /// <summary>The family that it must be of: "sd1", "sd2", "sdxl"; null takes whichever it is.</summary>
    public string? Family { get; init; }

    /// <summary>What the network predicts; null finds out, or guesses and says so.</summary>
    public PredictionType? Prediction { get; init; }

    /// <summary>Whether the network's moving averages (model_ema.) are taken instead of its last weights.</summary>
    public bool UseAverages { get; init; }

    /// <summary>
    /// A diffusers folder of a model of the same shape: its settings and tokenizers are taken, and its weights for parts that the file
    /// lacks. null takes the published models' settings, which fit all but networks of unusual shape.
    /// </summary>
    public string? Config { get; init; }

    /// <summary>
    /// Whether tensors inside a part that the model does not have may be left out. (Keys outside all parts are only told of.)
    /// </summary>
    public bool AllowUnmatched { get; init; }

    /// <summary>Of a language model: how many tokens its tables are to have rows for, where an adapter brings tokens that were added; null
    /// takes those that it has.</summary>
    public int? Tokens { get; init; }
}
