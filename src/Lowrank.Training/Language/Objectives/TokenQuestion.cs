namespace Lowrank.Training;

/// <summary>What an objective asks of each token that a model has foretold.</summary>
public sealed record TokenQuestion
{
    /// <summary>The label of tokens that do not count.</summary>
    public const long NotCounted = -100;

    /// <summary>Whether every place is asked, pads included, and not only those whose label counts. Default false.</summary>
    public bool EveryPlace { get; init; }

    /// <summary>Whether a place is asked of its own label, as where words are masked and where a decoder is given the labels moved, and not
    /// of the next one's. Default false.</summary>
    public bool OwnPlace { get; init; }

    /// <summary>Whether the head works in float32 even where the model's states have fewer bits: half of bfloat16's noise in a
    /// log-probability comes from it. Default false: it works in the states' dtype, and what follows in float32.</summary>
    public bool WideHead { get; init; }

    /// <summary>Whether log-probabilities are made in the logits' own dtype, as TRL's ORPO and CPO do (bfloat16: 0.03 off). Default
    /// false: in float32.</summary>
    public bool OwnDtype { get; init; }

    /// <summary>ε in (1 − ε)·log p + ε·(mean of log p over the vocabulary), 0 to below 1. Default 0: log p alone.</summary>
    public double Smoothing { get; init; }

    /// <summary>Whether the distribution's entropy is told too.</summary>
    public bool Entropy { get; init; }

    /// <summary>Whether gradients go through the entropy.</summary>
    public bool EntropyLearns { get; init; }

    /// <summary>Whether the mean of the logits is told too.</summary>
    public bool MeanLogits { get; init; }

    /// <summary>Whether the logarithm of Σ p² is told too.</summary>
    public bool LogSquares { get; init; }

    /// <summary>Whether it is told if the token was the likeliest.</summary>
    public bool Likeliest { get; init; }

    /// <summary>The same question of log-probabilities alone: what is asked of a reference.</summary>
    public TokenQuestion Bare() => this with
    {
        Entropy = false, EntropyLearns = false, MeanLogits = false, LogSquares = false, Likeliest = false,
    };
}
