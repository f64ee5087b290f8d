namespace Lowrank.Training;

/// <summary>How rewards become advantages. The defaults are TRL's.</summary>
public sealed record AdvantageOptions
{
    /// <summary>What an answer is compared with: the mean of its group (grpo), or of the group's others (rloo). Default false:
    /// grpo.</summary>
    public bool LeavesOneOut { get; init; }

    /// <summary>By whose standard deviation grpo divides: "group", "batch", or "none". Default group.</summary>
    public string Scaling { get; init; } = "group";

    /// <summary>Whether rewards of several functions are normalised by group before they are added up, and their sum over the batch
    /// (GDPO, arXiv 2601.05242). Default false: added up, then normalised.</summary>
    public bool NormalisesEach { get; init; }

    /// <summary>Whether rloo's advantages are normalised over the batch. Default false.</summary>
    public bool NormalisesAll { get; init; }

    /// <summary>Least and largest reward that rloo takes; null: as they are.</summary>
    public (double Least, double Largest)? Clip { get; init; }

    /// <summary>A weight of each function; none: 1 each.</summary>
    public IReadOnlyList<double> Weights { get; init; } = [];
}
