namespace Lowrank.Formats;

/// <summary>A table of pattern pairs that spells module paths in another way, both ways. <c>{}</c> stands for one number, the same on both sides in order.</summary>
public sealed class KeyMap
{
    /// <summary>A map of pairs; the first whose pattern fits a path is taken.</summary>
    /// <param name="pairs">Own spelling and other spelling.</param>
    public KeyMap(params IReadOnlyList<(string Own, string Other)> pairs) => Pairs = pairs;

    /// <summary>The table.</summary>
    public IReadOnlyList<(string Own, string Other)> Pairs { get; }
}
