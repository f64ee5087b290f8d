namespace Lowrank.Language;

/// <summary>Two texts of which one is the better.</summary>
/// <param name="Better">It.</param>
/// <param name="Worse">The other.</param>
/// <param name="Paradigm">What makes the difference; empty where the data do not tell.</param>
/// <param name="Phenomenon">The group of paradigms; empty where the data do not tell.</param>
public sealed record TextPair(string Better, string Worse, string Paradigm, string Phenomenon)
{
    /// <summary>What both go on from; empty for nothing.</summary>
    public string Prompt { get; init; } = "";
}
