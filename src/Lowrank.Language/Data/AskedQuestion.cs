namespace Lowrank.Language;

/// <summary>A question whose answer stands in a text.</summary>
/// <param name="Asked">The question.</param>
/// <param name="Context">The text.</param>
/// <param name="Answer">The answer, as it stands there.</param>
/// <param name="Start">Where it begins, in code points, from 0.</param>
public sealed record AskedQuestion(string Asked, string Context, string Answer, int Start)
{
    /// <summary>Where the answer begins and where it ends, in code points.</summary>
    public (int Start, int End) Span => (Start, Start + Answer.EnumerateRunes().Count());
}
