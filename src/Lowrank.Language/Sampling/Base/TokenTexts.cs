namespace Lowrank.Language;

/// <summary>The bytes that each token of a vocabulary writes, and which tokens end a text.</summary>
/// <param name="texts">By id; nothing for tokens that write nothing.</param>
/// <param name="ends">Ids of the end tokens.</param>
public sealed class TokenTexts(IReadOnlyList<byte[]> texts, IReadOnlyCollection<int> ends)
{
    /// <summary>Tokens of the vocabulary.</summary>
    public int Count => texts.Count;

    /// <summary>Ids of the end tokens.</summary>
    public IReadOnlyCollection<int> Ends { get; } = new HashSet<int>(ends);

    /// <summary>The bytes of a token.</summary>
    public ReadOnlySpan<byte> this[int id] => texts[id];

    /// <summary>The same texts with other end tokens.</summary>
    internal TokenTexts EndingBy(IReadOnlyCollection<int> others) => new(texts, others);

    /// <summary>Whether a token ends a text.</summary>
    public bool IsEnd(int id) => ((HashSet<int>)Ends).Contains(id);
}
