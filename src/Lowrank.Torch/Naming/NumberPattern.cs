namespace Lowrank.Torch;

/// <summary>A name in which each <c>{}</c> stands for one number: <c>mid_block.resnets.{}.conv1</c>.</summary>
/// <param name="text">The name.</param>
public sealed class NumberPattern(string text)
{
    const string Number = "{}";

    // What stands around the numbers.
    readonly string[] pieces = text.Split(Number);

    /// <summary>How many numbers it has.</summary>
    public int Count => pieces.Length - 1;

    /// <summary>The numbers of a name that it fits as a whole, in order; null for one that it does not fit.</summary>
    public IReadOnlyList<string>? NumbersIn(string name)
    {
        if (!name.StartsWith(pieces[0], StringComparison.Ordinal)) return null;
        int at = pieces[0].Length;
        var numbers = new List<string>(Count);
        foreach (string piece in pieces.Skip(1))
        {
            int start = at;
            while (at < name.Length && char.IsAsciiDigit(name[at])) at++;
            if (at == start || string.CompareOrdinal(name, at, piece, 0, piece.Length) != 0) return null;
            numbers.Add(name[start..at]);
            at += piece.Length;
        }
        return at == name.Length ? numbers : null;
    }

    /// <summary>The name with these numbers in it, as many as it has.</summary>
    public string With(IReadOnlyList<string> numbers) => pieces[0] + string.Concat(pieces.Skip(1).Select((piece, i) => numbers[i] + piece));

    /// <inheritdoc/>
    public override string ToString() => text;
}
