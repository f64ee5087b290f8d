namespace Lowrank.Language;

/// <summary>A stretch of a text in UTF-16 units.</summary>
/// <param name="Start">Its first unit.</param>
/// <param name="End">The unit after its last.</param>
public readonly record struct TextSpan(int Start, int End)
{
    /// <summary>Number of units.</summary>
    public int Length => End - Start;
}
