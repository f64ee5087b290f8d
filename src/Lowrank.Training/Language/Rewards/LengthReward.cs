namespace Lowrank.Training;

/// <summary>1 for an answer of neither too few words nor too many; beyond, it falls by each word's share of the bound, to 0.</summary>
public sealed class LengthReward : IReward
{
    readonly int least;
    readonly int most;

    /// <summary>A reward.</summary>
    /// <param name="least">The fewest words, 0 or more.</param>
    /// <param name="most">The most words, 1 or more and not below <paramref name="least"/>.</param>
    /// <exception cref="LowrankException">They are out of their range.</exception>
    public LengthReward(int least, int most)
    {
        if (least < 0 || most < 1 || least > most)
            throw new LowrankException($"an answer of {least} to {most} words is none. Take 0 or more to 1 or more: length:20-60");
        (this.least, this.most) = (least, most);
    }

    /// <inheritdoc/>
    public string Name => "length";

    /// <inheritdoc/>
    public IReadOnlyList<double?> Of(IReadOnlyList<RewardedAnswer> answers) => [.. answers.Select(answer =>
    {
        int words = answer.Answer.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;
        double beyond = words < least ? (double)(least - words) / least : words > most ? (double)(words - most) / most : 0;
        return (double?)Math.Max(0, 1 - beyond);
    })];
}
