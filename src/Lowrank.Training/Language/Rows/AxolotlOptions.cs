namespace Lowrank.Training;

/// <summary>How axolotl's rows are made.</summary>
sealed record AxolotlOptions
{
    /// <summary>Roles whose words count; null takes axolotl's way of old, in which all behind the last turn's beginning counts. Default the
    /// assistant's.</summary>
    public IReadOnlyList<string>? Roles { get; init; } = ["assistant"];

    /// <summary>Which end tokens count: <c>turn</c> (those of turns that count, the default), <c>all</c>, <c>last</c>,
    /// <c>none</c>.</summary>
    public string Ends { get; init; } = "turn";

    /// <summary>Whether all that is said counts. Default false.</summary>
    public bool TrainOnInputs { get; init; }

    /// <summary>The field of a message that says whether it counts, over its role; null for none.</summary>
    public string? FlagField { get; init; }

    /// <summary>What of it is not known.</summary>
    /// <exception cref="LowrankException">Something is not.</exception>
    public void Check()
    {
        if (Ends is not ("turn" or "all" or "last" or "none"))
            throw new LowrankException($"\"{Ends}\" names no end tokens that count. Take turn, all, last or none.");
    }
}
