namespace Lowrank.Cli;

/// <summary>An option that changes nothing unless one of some others is typed.</summary>
/// <param name="Option">The option.</param>
/// <param name="Others">Those of which one is needed.</param>
sealed record OptionNeed(Option Option, params Option[] Others)
{
    /// <summary>What is said where it is typed without them; null where it is used, or not typed.</summary>
    public string? Idle(ParseResult result)
    {
        if (!result.IsGiven(Option) || Array.Exists(Others, result.IsGiven)) return null;
        return $"{Option.Name} is not used: it says more of {string.Join(" or ", Others.Select(other => other.Name))}, which is not given";
    }
}
