namespace Lowrank.Diffusion;

/// <summary>A [word] of a pattern of file names.</summary>
/// <param name="Name">In small letters.</param>
/// <param name="Text">
/// What it stands for, of what is known and what stands in its &lt;arguments&gt;; null where it cannot tell, and stays as it stands.
/// </param>
public sealed record FileNameWord(string Name, Func<FileNameFacts, IReadOnlyList<string>, string?> Text)
{
    /// <summary>A word without arguments; with some it stays as it stands.</summary>
    public FileNameWord(string name, Func<FileNameFacts, string?> text)
        : this(name, (facts, arguments) => arguments.Count == 0 ? text(facts) : null)
    {
    }

    /// <summary>Whether it has nothing to say, so that the text before it goes too.</summary>
    public Predicate<FileNameFacts> IsMute { get; init; } = _ => false;
}
