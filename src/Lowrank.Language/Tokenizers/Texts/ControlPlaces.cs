namespace Lowrank.Language;

/// <summary>Where in a text control tokens are recognised: not where a character of theirs lies in one of some stretches.</summary>
/// <param name="plain">The stretches, in order and apart.</param>
sealed class ControlPlaces(IReadOnlyList<TextSpan> plain)
{
    /// <summary>Everywhere.</summary>
    public static ControlPlaces Everywhere { get; } = new([]);

    /// <summary>Nowhere.</summary>
    public static ControlPlaces Nowhere { get; } = new([new TextSpan(0, int.MaxValue)]);

    /// <summary>Whether a control token may stand there.</summary>
    public bool Allow(int start, int end)
    {
        int low = 0, high = plain.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (plain[middle].End <= start) low = middle + 1;
            else high = middle;
        }
        return low == plain.Count || plain[low].Start >= end;
    }
}
