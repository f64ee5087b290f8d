namespace Lowrank.Language;

/// <summary>A vocabulary's tokens in the order of their bytes, so that what they begin with is looked at once. Made once for a vocabulary,
/// used by every request.</summary>
public sealed class SortedTokens
{
    readonly int[] shared;

    /// <summary>The tokens of a vocabulary; end tokens and those that write nothing are left out.</summary>
    public SortedTokens(TokenTexts texts)
    {
        Texts = texts;
        Ids = [.. Enumerable.Range(0, texts.Count).Where(id => texts[id].Length > 0 && !texts.IsEnd(id))];
        Array.Sort(Ids, (one, other) => texts[one].SequenceCompareTo(texts[other]));
        shared = new int[Ids.Length];
        for (int at = 1; at < Ids.Length; at++) shared[at] = texts[Ids[at]].CommonPrefixLength(texts[Ids[at - 1]]);
    }

    /// <summary>The texts.</summary>
    public TokenTexts Texts { get; }

    internal int[] Ids { get; }

    /// <summary>How many bytes a token shares with the one before it.</summary>
    internal int Shared(int at) => shared[at];
}
