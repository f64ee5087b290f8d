using System.Text.RegularExpressions;

namespace Lowrank.Training;

/// <summary>1 for an answer in which a regular expression is found, and 0 for any other.</summary>
public sealed class PatternReward : IReward
{
    // An expression that tries everything would hold a run up for ever.
    static readonly TimeSpan longest = TimeSpan.FromSeconds(1);

    readonly Regex pattern;

    /// <summary>A reward.</summary>
    /// <param name="pattern">As .NET has them; ^ and $ hold the whole answer to it.</param>
    /// <exception cref="LowrankException">It is no regular expression.</exception>
    public PatternReward(string pattern)
    {
        try
        {
            this.pattern = new(pattern, RegexOptions.CultureInvariant, longest);
        }
        catch (ArgumentException fault)
        {
            throw new LowrankException($"the reward's pattern {pattern} is no regular expression: {fault.Message}", fault);
        }
    }

    /// <inheritdoc/>
    public string Name => "pattern";

    /// <inheritdoc/>
    public IReadOnlyList<double?> Of(IReadOnlyList<RewardedAnswer> answers) => [.. answers.Select(Score)];

    double? Score(RewardedAnswer answer)
    {
        try
        {
            return pattern.IsMatch(answer.Answer) ? 1 : 0;
        }
        catch (RegexMatchTimeoutException fault)
        {
            throw new LowrankException($"the reward's pattern {pattern} took more than {PlainValue.Text(longest.TotalSeconds)} s " +
                $"for an answer of {answer.Answer.Length} characters. Write it so that no part can be read in many ways, as (a+)+ can.",
                fault);
        }
    }
}
